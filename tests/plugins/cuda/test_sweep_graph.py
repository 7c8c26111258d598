"""Sweeps that are captured in a CUDA graph, and the copying that makes a replay safe."""

from __future__ import annotations

from typing import NamedTuple

import pytest
import torch
from side_by_side import SEEDS, assert_same_spins

from ebmbench import Noise
from ebmbench.numerics import to_fixed_point
from ebmbench_cuda import TritonKernel
from ebmbench_cuda.digits import Digits
from support.kernels import own_temperatures
from support.two_layer import random_model, random_spins

pytest.importorskip("triton", reason="triton is not installed: pip install 'ebmbench[cuda]'")
from ebmbench_cuda.graph import KEPT, WORTH, Graphs
from ebmbench_cuda.sweep import plan_of
from ebmbench_cuda.tuning import chip_of
from ebmbench_cuda.work import Sides, Work

R, N, V, H = 2, 37, 53, 101
STEPS = WORTH // 2


def work_and_plan(device, seed=0, beta=1.0):
    digits = Digits.of(to_fixed_point(random_model(V, H, biases="ab", seed=seed).to(device)))
    plan = plan_of(chip_of(device), V, H, digits.digits)
    v, noise = random_spins(R, N, V, seed=seed).to(device), Noise(SEEDS, seed, device=device)
    noise.advance(seed)
    return Work.of(Sides.of(digits, plan.sizes), v, 1, beta, noise), plan


def test_a_sweep_on_numbers_that_were_copied_over_others_is_the_same(device):
    """What a replay does, without the graph."""
    work, plan = work_and_plan(device, seed=1, beta=0.7)
    static = work_and_plan(device, seed=2)[0].clone()
    static.copy_(work)
    plan.enqueue(work, 1)
    plan.enqueue(static, 1)
    assert torch.equal(static.v, work.v)
    assert torch.equal(static.h, work.h)


def test_a_copy_shares_no_memory(device):
    work, _ = work_and_plan(device)
    places = {tensor.data_ptr() for tensor in work.tensors()}
    assert not places & {tensor.data_ptr() for tensor in work.clone().tensors()}


def test_on_a_cpu_nothing_is_captured():
    class Counted(NamedTuple):
        launches: int = 2

        def enqueue(self, work, k):
            steps.append(k)

    steps, graphs = [], Graphs()
    work, _ = work_and_plan(torch.device("cpu"))
    for _ in range(3):
        assert graphs.run(Counted(), work, STEPS) is work
    assert steps == 3 * [STEPS]
    assert not graphs.captured


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device is at hand")
def test_replays_draw_what_launches_draw_for_new_weights_starts_and_draws():
    device, kernel = torch.device("cuda"), TritonKernel(TritonKernel.Options())
    for seed in range(4):
        model = random_model(V, H, scale=0.1, biases="ab", seed=seed)
        start = random_spins(R, N, V, seed=seed)
        assert_same_spins(model, start, STEPS, device, beta=1 + 0.1 * seed, kernel=kernel)
        assert len(kernel.graphs.captured) == (seed > 0)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device is at hand")
def test_replays_draw_at_the_temperatures_that_they_are_given():
    """Of each chain, and of all: a graph of its own for either."""
    device, kernel = torch.device("cuda"), TritonKernel(TritonKernel.Options())
    model, start = random_model(V, H, scale=0.3, biases="ab"), random_spins(R, N, V)
    for turn in range(4):
        betas = own_temperatures(R, N).roll(turn, 1)
        for beta in (betas, 0.7 + 0.1 * turn):
            assert_same_spins(model, start, STEPS, device, beta, kernel)
    assert len(kernel.graphs.captured) == 2


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device is at hand")
def test_no_more_than_a_few_graphs_are_kept():
    device, kernel = torch.device("cuda"), TritonKernel(TritonKernel.Options())
    model = random_model(V, H, scale=0.1)
    for chains in range(1, KEPT + 3):
        for _ in range(2):
            assert_same_spins(model, random_spins(R, chains, V), STEPS, device, kernel=kernel)
    assert len(kernel.graphs.captured) == KEPT
