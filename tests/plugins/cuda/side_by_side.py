"""The Triton kernel beside the reference: the same model, streams and start on both."""

from __future__ import annotations

from copy import deepcopy

import torch

from ebmbench import Chains, Noise
from ebmbench_cuda import TritonKernel
from ebmbench_gibbs import TorchKernel

SEEDS = [11, 7]
FIRST = 2**32 - 3  # so that the draws of a sweep need both words of the step


def noise_at(step=FIRST, seeds=SEEDS, device="cpu"):
    """Streams that have moved on to a draw."""
    noise = Noise(seeds, "side by side", device=device)
    noise.advance(step)
    return noise


def swept(kernel, model, v, k, beta=1.0, device="cpu", seeds=SEEDS):
    """v and h after k steps on ``device``, brought to the CPU, and the draws that were taken."""
    noise = noise_at(seeds=seeds, device=device)
    here = deepcopy(model).to(device)
    if isinstance(beta, torch.Tensor):
        beta = beta.to(device)
    v, h = kernel.sweep(here, Chains(v.to(device)), k, beta, noise)
    return v.cpu(), h.cpu(), noise.step - FIRST


def assert_same_spins(model, v, k, device, beta=1.0, kernel=None):
    """0 differing spins in v and h, as many draws."""
    expected = swept(TorchKernel(TorchKernel.Options()), model, v, k, beta)
    found = swept(kernel or TritonKernel(TritonKernel.Options()), model, v, k, beta, device)
    for name, one, other in zip("vh", expected, found, strict=False):
        assert one.shape == other.shape
        assert one.dtype == other.dtype
        assert (one != other).sum() == 0, f"{name}: {(one != other).sum()} of {one.numel()} differ"
    assert expected[2] == found[2] == 2 * k


def erased(v, share=0.3):
    """Spins, some of which are 0."""
    kept = torch.rand(v.shape, generator=torch.Generator().manual_seed(5)) > share
    return v * kept
