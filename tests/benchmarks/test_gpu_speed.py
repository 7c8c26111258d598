"""Gibbs steps and updates on a GPU, against plain torch, eager and in a CUDA graph.

pytest tests/benchmarks/test_gpu_speed.py --benchmark-enable --benchmark-group-by=group

A round is STEPS steps v -> h -> v from where the last one ended. ``extra_info`` has the time of
one step, spins per nanosecond, and multiply-adds per second, also as a share of the chip's peak
in int8: of the fields' own multiply-adds, of which the kernel makes one to three on int8 digits.

An update is a whole one, as a training makes it: recorded and replayed where its parts allow it.
Its rivals train one replica, eagerly, and in a CUDA graph that holds the whole update.
"""

from __future__ import annotations

import plain
import pytest
import torch

from ebmbench import Chains, Moment, Noise, Particles, Splits
from ebmbench.training.learner import Learner
from ebmbench.training.optimizer import Optimizer, OptimizerOptions
from ebmbench.training.replay import recorder_for
from ebmbench.training.stopwatch import Stopwatch
from ebmbench.training.streams import Streams
from ebmbench_cuda import TritonKernel
from ebmbench_gibbs import CD, PCD, RBM
from ebmbench_rapid import PID, RARBM
from support.two_layer import random_model, random_spins

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device is at hand"),
]

STEPS, ROUNDS = 20, 10
UPDATES = {1: 50, 100: 5}  # a round's, by replicas
CUDA = torch.device("cuda")
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


def updates(model, sampler, v, **optimizer):
    """Some updates of all replicas, as the training loop makes them."""
    batch, streams = Particles(v), Streams.of(range(model.replicas), "data", "method", CUDA)
    data = Splits(v, v, (1, model.visible), torch.zeros(model.visible).bool())
    step = Optimizer(model, OptimizerOptions(**optimizer))
    choose = recorder_for(model, sampler, step, CUDA)
    learner = Learner(model, sampler, step, data, streams, choose)
    watch, when = Stopwatch(CUDA), Moment(1, 1, False)

    def run():
        for _ in range(UPDATES[model.replicas]):
            learner.take(batch, 1)
            learner.make(watch, when)
        torch.cuda.synchronize()

    return run


def plain_updates(update, count):
    """``count`` calls of ``update``."""

    def run():
        for _ in range(count):
            update()
        torch.cuda.synchronize()

    return run


def in_graph(update):
    """What replays an update that is captured in a CUDA graph."""
    graph, side = torch.cuda.CUDAGraph(), torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(3):
            update()
    torch.cuda.current_stream().wait_stream(side)
    with torch.cuda.graph(graph):
        update()
    return graph.replay


def plain_chain_update(model, batch, chains, k):
    """An update of one replica with Adam; chains None is CD."""
    W = model.W[0].detach().clone()
    optimizer = torch.optim.Adam([W], lr=0.001, capturable=True)

    def update():
        new = plain.chain_update(W, batch, batch if chains is None else chains, k, optimizer)
        if chains is not None:
            chains.copy_(new)

    return update


def race_updates(race, ours, update, R):
    """Ours against the same update of plain torch, eager and in a graph."""
    rivals = {
        "plain torch": plain_updates(update, UPDATES[R]),
        "plain torch in a graph": plain_updates(in_graph(update), UPDATES[R]),
    }
    race(ours, rivals, rounds=7, per=R)


@pytest.mark.parametrize("R", [1, 100])
@pytest.mark.parametrize(
    ("V", "H", "k", "rows", "chains"),
    [
        (16, 1000, 10, 1, 2048),
        (784, 500, 1, 128, 2048),
        (784, 500, 1, 128, None),
        (16, 16, 1, 16, None),
    ],
    ids=["PCD-10", "PCD-1", "CD-1", "CD-1 16x16"],
)
def test_chain_updates(race, V, H, k, rows, chains, R):
    model = RBM(RBM.Options(hidden=H), V, Noise(range(R), "init", device=CUDA))
    v = Noise(range(R), "data", device=CUDA).coins(rows, V)
    sampler = PCD if chains else CD
    options = {"k": k} | ({"chains": chains} if chains else {})
    ours = updates(
        model,
        sampler(sampler.Options(**options), TritonKernel(TritonKernel.Options())),
        v,
        name="adam",
        lr=0.001,
    )
    start = Noise([0], "chains", device=CUDA).coins(chains, V)[0] if chains else None
    race_updates(race, ours, plain_chain_update(model, v[0], start, k), R)


@pytest.mark.parametrize("R", [1, 100])
@pytest.mark.parametrize("name", ["bars", "mnist"])
def test_rapid_updates(race, name, R):
    """4x4 bars: V=16, H=1000, K=8, batch 3; MNIST: 784, 3000, 190, 1000, ten steps, clipped."""
    noise = Noise(range(R), "init", device=CUDA)
    if name == "bars":
        model, rows = RARBM(RARBM.Options(hidden=1000, patterns=8), 16, noise), 3
        options = {}
    else:
        clip = {"rule": "clip", "every": "update"}
        model = RARBM(RARBM.Options(hidden=3000, patterns=190, binarize=clip), 784, noise)
        rows, options = 1000, {"k": 10, "start": "continuous"}
    v = Noise(range(R), "data", device=CUDA).coins(rows, model.visible)
    sampler = PID(PID.Options(**options), TritonKernel(TritonKernel.Options()))
    ours = updates(model, sampler, v, name="sgd", lr=1e-4)
    patterns = [xi[0].detach().clone() for xi in model.parameters()]

    def update():
        if name == "bars":
            plain.thin_rapid_update(*patterns, v[0], 1e-4)
        else:
            plain.chain_rapid_update(*patterns, v[0], 10, 1e-4)

    race_updates(race, ours, update, R)
