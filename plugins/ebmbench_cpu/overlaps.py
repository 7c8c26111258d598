"""Overlaps of spins with patterns, sum_i v_i xi_i, by comparing 64 units at a time."""

from __future__ import annotations

from typing import Any

import numpy as np

from ebmbench.numerics import intrinsic, njit
from ebmbench_cpu.tables import BITS, TARGETS

PAIR = 2  # tiles in a word of 64 units


def _ones(context, word):  # type: ignore[no-untyped-def]
    """How many bits of a uint64 are set."""

    from numba import types

    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        return builder.ctpop(arguments[0])

    return types.int64(types.uint64), generate


ones: Any = intrinsic(_ones)


@njit(nogil=True)
def pack_words(bits, rows, units, words):  # type: ignore[no-untyped-def]
    """The spins of ``bits`` (tiles, rows, 8) in words (rows, tiles / 2), 64 units each.

    A tile's eight bytes use four bits each; every second tile goes into the other four. What
    stands in place of units beyond ``units`` is cleared.
    """
    last = np.zeros(8, np.uint8)
    for unit in range(units % TARGETS):
        last[unit // BITS] |= 1 << unit % BITS
    for row in range(rows):
        words[row] = 0
        for tile in range(len(bits)):
            word = bits[tile, row].view(np.uint64)[0]
            if (tile + 1) * TARGETS > units:
                word &= last.view(np.uint64)[0]
            words[row, tile // PAIR] |= word << np.uint64(BITS * (tile % PAIR))


@njit(nogil=True)
def find_overlaps(words, patterns, units, rows, overlaps):  # type: ignore[no-untyped-def]
    """Add sum_i v_i xi_i to ``overlaps``, for each row and pattern.

    Args:
        words: (rows, words) uint64, the rows' spins.
        patterns: (K, words) uint64.
        units: how many there are; equal spins less unequal ones is what is added.
        rows: how many rows are there.
        overlaps: (rows / 32, K and padding, 32) int32.
    """
    for row in range(rows):
        place, lane = row // TARGETS, row % TARGETS
        for k in range(len(patterns)):
            unequal = 0
            for word in range(words.shape[1]):
                unequal += ones(words[row, word] ^ patterns[k, word])
            overlaps[place, k, lane] += units - 2 * unequal
