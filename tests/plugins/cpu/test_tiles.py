"""Couplings in tiles, and the fields that are looked up in them."""

from itertools import pairwise

import numpy as np
import pytest

from ebmbench.numerics import njit
from ebmbench_cpu.coupling_tiles import pack_couplings
from ebmbench_cpu.half_step import find_fields, find_narrow_fields
from ebmbench_cpu.packing import sources_of, tiles_of
from ebmbench_cpu.tables import BITS, GROUPS, NARROW, TARGETS, scratch


def place_of(unit):
    return unit // TARGETS, unit % TARGETS // BITS + GROUPS * (unit % BITS)


def in_tiles(units):
    """(sources, targets) integers as tiles (tiles, sources, 32), unit by unit."""
    sources, targets = units.shape
    out = np.zeros((tiles_of(targets), sources_of(sources), TARGETS), np.int32)
    for target in range(targets):
        tile, place = place_of(target)
        out[tile, :sources, place] = units[:, target]
    return out


@pytest.mark.parametrize(("V", "H"), [(1, 1), (5, 40), (32, 8), (64, 67), (100, 3), (39, 96)])
@pytest.mark.parametrize("pieces", [1, 3])
def test_both_layers_are_packed_in_one_pass(V, H, pieces):
    rng = np.random.default_rng(V * H)
    W, a, b = (rng.normal(size=shape).astype(np.float32) for shape in ((2, V, H), (2, V), (2, H)))
    per_one = np.array([1024.0, 4.0], np.float32)
    packed = [
        np.zeros(shape, np.int32)
        for units, others in ((H, V), (V, H))
        for shape in (
            (2, tiles_of(units), sources_of(others), TARGETS),
            (2, tiles_of(units), TARGETS),
        )
    ]
    edges = np.linspace(0, 2 * tiles_of(V), pieces + 1).astype(int)
    for start, stop in pairwise(edges):
        pack_couplings(W, a, b, per_one, *packed, start, stop)
    for r in range(2):
        units = [np.rint(each[r] * per_one[r]).astype(np.int32) for each in (W, a, b)]
        assert (packed[0][r] == in_tiles(units[0])).all()
        assert (packed[2][r] == in_tiles(units[0].T)).all()
        assert (packed[1][r] == in_tiles(units[2][None])[:, 0]).all()
        assert (packed[3][r] == in_tiles(units[1][None])[:, 0]).all()


@njit
def both_ways(couplings, bits, rows, bias):
    wide, tables = scratch(rows)
    narrow, _ = scratch(rows)
    find_fields(couplings, bits, rows, bias.ctypes.data, 0, wide, tables)
    find_narrow_fields(couplings, bits, rows, bias, narrow, tables)
    return wide, narrow


@pytest.mark.parametrize("sources", [16, 32, 48, 1008])
@pytest.mark.parametrize("rows", [4, 7, 512])
def test_a_tile_of_few_targets_is_looked_up_at_half_the_width(sources, rows):
    rng = np.random.default_rng(sources)
    couplings = in_tiles(rng.integers(-1000, 1000, (sources, NARROW)))[0]
    bias = in_tiles(rng.integers(-1000, 1000, (1, NARROW)))[0, 0]
    bits = rng.integers(0, 16, (tiles_of(sources), rows, GROUPS)).astype(np.uint8)
    wide, narrow = both_ways(couplings, bits, rows, bias)
    assert (wide == narrow).all()
    assert narrow.any()
