"""Draws from few units: bounds found once per distinct row, the same spins as from whole words."""

import numpy as np
import pytest
import torch

from ebmbench import Chains, Noise
from ebmbench.numerics import njit, philox
from ebmbench.numerics.threads import at_most
from ebmbench_cpu import NumbaKernel
from ebmbench_cpu.shared_rows import SLOTS, fill_bounds, number_distinct
from ebmbench_cpu.tables import GROUPS, TARGETS
from support.kernels import chains, differing_spins, own_temperatures, rbm

KERNEL = NumbaKernel(NumbaKernel.Options())


@njit
def bounds_of(fields, scale, bounds):
    fill_bounds(fields.ctypes.data, bounds.ctypes.data, scale)


@njit
def are_up(y, words, up):
    for index in range(len(words)):
        up[index] = philox.is_up(y[index], words[index])


@pytest.mark.parametrize("scale", [1e-6, 1e-3, 0.1, 0.7, 40.0])
def test_what_a_bound_decides_whole_words_decide_too(scale):
    fields = np.random.default_rng(1).integers(-(2**9), 2**9, (4096, TARGETS)).astype(np.int32)
    fields[:64] = np.arange(-32, 32).reshape(-1, 1)
    for run in fields:
        bounds = np.zeros((4, 16), np.int16)
        bounds_of(run, np.float32(scale), bounds)
        lowest = bounds[:, :8].reshape(-1).astype(np.int64) + 2**15  # in the order of the fields
        y = run.astype(np.float32) * np.float32(scale)
        for half, lower, expected in ((lowest - 1, 0xFFFF, True), (lowest + 2, 0, False)):
            there = (half >= 0) & (half < 2**16)
            words = (half[there] << 16 | lower).astype(np.uint32)
            up = np.empty(len(words), np.bool_)
            are_up(y[there], words, up)
            assert (up == expected).all()


SHAPES = [
    (1, 1, 1, 1), (2, 700, 16, 1000), (1, 40, 32, 33), (2, 513, 5, 70), (3, 9, 16, 16),
    (2, 100, 33, 32), (1, 600, 45, 20), (1, 30, 32, 96),
]  # fmt: skip


@pytest.mark.parametrize(("R", "N", "V", "H"), SHAPES)
@pytest.mark.parametrize("start", ["spins", "erased", "continuous"])
def test_the_spins_are_the_references(R, N, V, H, start):
    assert differing_spins(KERNEL, rbm(R, V, H, True), chains(R, N, V, start), 3) == 0


@pytest.mark.parametrize(("R", "N", "V", "H"), SHAPES)
@pytest.mark.parametrize("start", ["spins", "erased", "continuous"])
def test_so_they_are_at_a_temperature_for_each_chain(R, N, V, H, start):
    model, betas = rbm(R, V, H, True), own_temperatures(R, N)
    assert differing_spins(KERNEL, model, chains(R, N, V, start), 3, betas) == 0


def test_so_they_are_of_rows_that_stand_alike_at_other_temperatures():
    v = chains(2, 5, 16, "spins").repeat(1, 200, 1)
    model, betas = rbm(2, 16, 130, True), own_temperatures(2, 1000)
    assert differing_spins(KERNEL, model, v, 2, betas) == 0


@pytest.mark.parametrize("std", [1e-3, 0.3, 30.0])
def test_so_they_are_of_rows_that_stand_alike(std):
    v = chains(2, 5, 16, "spins").repeat(1, 200, 1)
    assert differing_spins(KERNEL, rbm(2, 16, 130, True, std), v, 2) == 0


def test_threads_change_no_spin():
    v, model = chains(1, 1500, 16, "spins"), rbm(1, 16, 130)
    ends = []
    for threads in (1, 2, 3):
        with at_most(threads):
            ends.append(KERNEL.run_chains(model, Chains(v), 3, 0.7, Noise([0], "x")).v)
    assert torch.equal(ends[0], ends[1])
    assert torch.equal(ends[0], ends[2])


def test_distinct_rows_are_told_apart_by_their_units_alone():
    rng = np.random.default_rng(0)
    places = rng.integers(0, 16, (9, GROUPS)).astype(np.uint8)
    bits = np.ascontiguousarray(places[rng.integers(0, 9, 400)])
    seen = bits.copy()
    seen[:, 4:] = rng.integers(0, 16, (400, 4))  # padding
    slots, which, first = (np.empty(size, np.int32) for size in (SLOTS, 400, 400))
    scratch = slots, which, first, np.empty(400, np.uint64)
    alike = np.full(400, 0.7, np.float32)
    different = len(np.unique(bits[:, :4], axis=0))
    assert number_distinct(seen, alike, 400, 16, *scratch) == different
    assert (bits[first[which]][:, :4] == bits[:, :4]).all()
    assert number_distinct(seen, alike, 400, 32, *scratch) > 300


def test_rows_at_other_temperatures_are_told_apart_to_the_last_bit():
    bits = np.full((400, GROUPS), 5, np.uint8)
    scale = np.nextafter(np.float32(0.7), np.float32(1), dtype=np.float32)
    scales = np.array([0.7, scale, -0.0, 0.0], np.float32)[np.arange(400) % 4]
    slots, which, first = (np.empty(size, np.int32) for size in (SLOTS, 400, 400))
    scratch = slots, which, first, np.empty(400, np.uint64)
    assert number_distinct(bits, scales, 400, 32, *scratch) == 4
    assert (which == np.arange(400) % 4).all()
