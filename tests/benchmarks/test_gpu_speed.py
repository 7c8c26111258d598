"""Gibbs steps on a GPU: the Triton kernel against plain torch, eager and in a CUDA graph.

pytest tests/benchmarks/test_gpu_speed.py --benchmark-enable --benchmark-group-by=group

A round is STEPS steps v -> h -> v from where the last one ended. ``extra_info`` has the time of
one step, spins per nanosecond, and multiply-adds per second, also as a share of the chip's peak
in int8: of the fields' own multiply-adds, of which the kernel makes one to three on int8 digits.
"""

from __future__ import annotations

import pytest
import torch

from ebmbench import Chains, Noise
from ebmbench_cuda import TritonKernel
from support.two_layer import random_model, random_spins

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device is at hand"),
]

STEPS, ROUNDS = 20, 10
SHAPES = [(16, 1000, 2048), (784, 500, 2048), (784, 3000, 8192)]  # V, H, N
PEAKS = {"H200": 989e12, "H100 PCIe": 756e12, "H100": 989e12, "A100": 312e12}  # int8, dense
COPIES = 6  # float32 tensors of the size of a layer's spins that plain torch has at a time


def triton_steps(model, v):
    """STEPS steps in one sweep."""
    kernel = TritonKernel(TritonKernel.Options())
    noise = Noise(range(len(v)), "speed", device="cuda")

    def run():
        v.copy_(kernel.sweep(model, Chains(v), STEPS, 1.0, noise)[0])

    return run


def eager_steps(model, v):
    """STEPS steps of plain torch."""
    W = model.W.detach()

    def run():
        for _ in range(STEPS):
            v.copy_(plain_step(W, v))

    return run


def graph_steps(model, v):
    """STEPS replays of a plain step in a CUDA graph."""
    W, graph, side = model.W.detach(), torch.cuda.CUDAGraph(), torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        v.copy_(plain_step(W, v))
    torch.cuda.current_stream().wait_stream(side)
    with torch.cuda.graph(graph):
        v.copy_(plain_step(W, v))

    def run():
        for _ in range(STEPS):
            graph.replay()

    return run


def plain_step(W, v):
    """What one writes first: a float32 product, a sigmoid, random numbers and a comparison."""
    return plain_draw(plain_draw(v @ W) @ W.mT)


def plain_draw(field):
    return (torch.rand_like(field) < torch.sigmoid(2 * field)).float() * 2 - 1


def peak():
    """Multiply-adds per second in int8, dense; None for a chip that the table lacks."""
    name = torch.cuda.get_device_name()
    return next((rate for chip, rate in PEAKS.items() if chip in name), None)


def report(benchmark, R, V, H, N):
    """Rates of the median round."""
    if benchmark.stats is None:  # --benchmark-disable
        return
    seconds = benchmark.stats["median"] / STEPS
    macs = 2 * R * N * V * H / seconds
    benchmark.extra_info |= {
        "device": torch.cuda.get_device_name(),
        "us_per_step": 1e6 * seconds,
        "spins_per_ns": R * N * (V + H) / seconds * 1e-9,
        "macs_per_s": macs,
        "share_of_int8_peak": macs / peak() if peak() else None,
    }


@pytest.mark.parametrize("steps", [triton_steps, eager_steps, graph_steps])
@pytest.mark.parametrize("R", [1, 100])
@pytest.mark.parametrize(("V", "H", "N"), SHAPES)
def test_gibbs_steps(benchmark, V, H, N, R, steps):
    benchmark.group = f"V={V}, H={H}, N={N}, R={R}"
    free, _ = torch.cuda.mem_get_info()
    if free < COPIES * 4 * R * N * (V + H):
        pytest.skip("the device has too little memory free")
    model = random_model(V, H, R=R, scale=0.1).cuda()
    v = random_spins(1, N, V).expand(R, -1, -1).cuda().contiguous()
    once = steps(model, v)

    def run():
        once()
        torch.cuda.synchronize()

    benchmark.pedantic(run, rounds=ROUNDS, warmup_rounds=3)
    assert bool((v.abs() == 1).all())
    report(benchmark, R, V, H, N)
