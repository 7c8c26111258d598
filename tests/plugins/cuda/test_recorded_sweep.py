"""Sweeps that are recorded with all of an update around them, on a pretended GPU."""

from __future__ import annotations

import pytest
import torch

from ebmbench import Chains, Noise
from ebmbench_cuda import TritonKernel
from ebmbench_gibbs import RBM, TorchKernel
from ebmbench_rapid import RARBM
from support.kernels import own_temperatures
from support.pretended_gpu import launched, pretended_gpu, record
from support.two_layer import random_spins

pytest.importorskip("triton", reason="triton is not installed: pip install 'ebmbench[cuda]'")
from ebmbench_cuda import sweep, triton_kernel
from ebmbench_cuda.jit import INTERPRETED
from ebmbench_cuda.tuning import CHIPS, INTERPRETER

pytestmark = pytest.mark.soak  # Triton's interpreter takes its time

R, N, K = 2, 37, 2
CPU = torch.device("cpu")


@pytest.fixture
def gpu(monkeypatch):
    """A pretended GPU whose kernels are interpreted."""
    if not INTERPRETED.value:
        pytest.skip("the kernels of this process are compiled")
    launches = "launch_half_step", "launch_overlaps", "launch_pattern_step", "launch_persistent"
    for launch in launches:
        monkeypatch.setattr(sweep, launch, launched(getattr(sweep, launch)))
    monkeypatch.setattr(triton_kernel, "chip_of", lambda device: CHIPS[INTERPRETER])
    monkeypatch.setattr(torch.cuda, "_exchange_device", lambda device: 0)
    monkeypatch.setattr(torch.cuda, "_maybe_exchange_device", lambda device: 0)
    with pretended_gpu() as device:
        yield device


def patterns(V, H, device):
    options = RARBM.Options(hidden=H, patterns=7)
    return RARBM(options, V, Noise(range(R), "init", device=device))


def weights(V, H, device):
    options = RBM.Options(hidden=H, init_std=0.1, bias=True)
    return RBM(options, V, Noise(range(R), "init", device=device))


@pytest.mark.parametrize("make", [weights, patterns])
@pytest.mark.parametrize(
    ("V", "H"),
    [(53, 101), (53, 19), (16, 101), (16, 19)],
    ids=["half steps", "half steps, few hidden", "persistent", "persistent, few hidden"],
)
@pytest.mark.parametrize("each", [False, True], ids=["one beta", "a beta per chain"])
def test_replays_draw_what_the_reference_draws(make, V, H, each, gpu):
    """With other couplings, starts, draws and temperatures of chains each time."""
    reference, kernel = TorchKernel(TorchKernel.Options()), TritonKernel(TritonKernel.Options())
    here, there = make(V, H, CPU), make(V, H, gpu)
    its, noise = (Noise(range(R), "x", device=device) for device in (CPU, gpu))
    start, ended = torch.ones(R, N, V, device=gpu), []
    own = own_temperatures(R, N)
    betas = torch.ones(R, N, dtype=torch.float64, device=gpu) if each else 0.7
    with noise.recorded() as draws:
        replay = record(lambda: ended.extend(kernel.sweep(there, Chains(start), K, betas, noise)))
    for turn in range(3):
        v = random_spins(R, N, V, seed=turn)
        start.copy_(v)
        beta = own.roll(turn, 1) if each else 0.7
        if each:
            betas.copy_(beta)
        noise.replay(draws)
        replay()
        expected = reference.sweep(here, Chains(v), K, beta, its)
        for mine, theirs in zip(ended, expected, strict=True):
            assert torch.equal(mine.cpu(), theirs)
        for parameter in (*here.parameters(), *there.parameters()):
            parameter.data.mul_(1.1)
    assert noise.step == its.step == 3 * 2 * K
