"""k Gibbs steps of a model made of patterns that are spins, without forming its weights.

A field is sqrt(K) x = sum_k (sum_i v_i xi_v[k, i]) xi_h[k]: first the K overlaps of each row, by
comparing bits; then sums of K overlaps with signs. In the second step rows and patterns change
places: the numbers to be added are a row's overlaps, so these are tabled, for 32 rows side by
side, and the patterns' spins at a unit are the index. All sums are integers, and
those of :mod:`ebmbench_cpu.factors`, which takes patterns of any numbers.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ebmbench.numerics import kept, njit
from ebmbench_cpu.draw import draw_rows
from ebmbench_cpu.half_step import find_fields
from ebmbench_cpu.overlaps import PAIR, find_overlaps, pack_words
from ebmbench_cpu.packing import ERASED, pack_rows, tiles_of, unpack_rows
from ebmbench_cpu.sweep import ROWS
from ebmbench_cpu.tables import BITS, GROUPS, RUN, TARGETS, scratch

LANES = 8  # rows that are drawn side by side


class PackedPatterns(NamedTuple):
    """The patterns on one layer, as what is compared and as what is looked up.

    Attributes:
        words: (R, K, words) uint64, the K patterns' spins.
        lookup: (R, tiles of patterns, units, 8) uint8, the patterns' spins at each unit.
    """

    words: NDArray[np.uint64]
    lookup: NDArray[np.uint8]

    @classmethod
    def of(cls, xi: NDArray[np.float32]) -> PackedPatterns:
        """Pack patterns (R, K, units) of spins."""
        R, K, units = xi.shape
        words = np.zeros((R, K, -(-tiles_of(units) // PAIR)), np.uint64)
        lookup = np.zeros((R, tiles_of(K), units, GROUPS), np.uint8)
        pack_patterns(xi, words, lookup)
        return cls(words, lookup)


@kept
@njit(nogil=True)
def pack_patterns(xi, words, lookup):  # type: ignore[no-untyped-def]
    """Fill ``words`` and ``lookup`` of :class:`PackedPatterns`."""
    R, K, units = xi.shape
    bits = np.empty(((units + TARGETS - 1) // TARGETS, K, GROUPS), np.uint8)
    for r in range(R):
        pack_rows(xi[r], 0, K, 0.0, bits)
        pack_words(bits, K, units, words[r])
        pack_rows(np.ascontiguousarray(xi[r].T), 0, units, 0.0, lookup[r])


@njit(nogil=True)
def draw_layer(overlaps, lookup, first, rows, key, step, scale, out, fields, tables):  # type: ignore[no-untyped-def]
    """Draw a layer of rows ``first``, ... from their overlaps with the other layer's patterns.

    Args:
        overlaps: (rows / 32, K and padding, 32) int32.
        lookup: (tiles of patterns, units, 8) uint8, the drawn layer's patterns.
        scale: (rows and padding to whole runs of 32,) float32.
        out: (tiles, rows, 8) uint8, the layer that is drawn.
        fields: (ROWS, 32) int32, a run of rows for each of ROWS units; scratch.
    """
    units = lookup.shape[1]
    for place in range((rows + TARGETS - 1) // TARGETS):
        lanes = min(TARGETS, rows - place * TARGETS)
        for start in range(0, units, ROWS):
            here = min(ROWS, units - start)
            chunk = lookup[:, start : start + here]
            fields[:] = 0
            find_fields(overlaps[place], chunk, here, fields.ctypes.data, RUN, fields, tables)
            draw_units_of_rows(
                fields, start, here, first, place * TARGETS, lanes, key, step, scale, out
            )


@njit(nogil=True)
def draw_units_of_rows(fields, start, units, first, row, lanes, key, step, scale, out):  # type: ignore[no-untyped-def]
    """Draw units ``start``, ... of ``lanes`` rows, the first of which is ``row`` of the tile."""
    low, high = np.uint64(key & np.uint64(0xFFFFFFFF)), np.uint64(key >> np.uint64(32))
    for group in range((units + BITS - 1) // BITS):
        counter = start // BITS + group
        for lane in range(0, lanes, LANES):
            draw_rows(
                fields.ctypes.data + group * BITS * RUN + lane * 4,
                out[counter // GROUPS, row + lane].ctypes.data + counter % GROUPS,
                np.uint64(counter),
                np.uint64(first + row + lane),
                np.uint64(step),
                low,
                high,
                scale[row + lane :].ctypes.data,
            )


@kept
@njit(nogil=True)
def sweep_patterns(  # type: ignore[no-untyped-def]
    v_words, v_lookup, h_words, h_lookup, H, keys, scale, step, k, kind, v, begun, out_v,
    out_h, size, start, stop,
):  # fmt: skip
    """Sweep the row tiles ``start`` to ``stop``: ``sweep_tiles`` for patterns that are spins.

    Args:
        v_words, v_lookup, h_words, h_lookup: the :class:`PackedPatterns` of both layers.
        H: hidden units; ``out_h`` (R, N, ...) is told of the first of them only.
        begun: not looked at: v is SPINS, some of them ERASED.
    """
    _, N, V = v.shape
    K = v_words.shape[1]
    visible = np.empty(((V + TARGETS - 1) // TARGETS, size, GROUPS), np.uint8)
    hidden = np.empty(((H + TARGETS - 1) // TARGETS, size, GROUPS), np.uint8)
    visible_words = np.empty((size, v_words.shape[2]), np.uint64)
    hidden_words = np.empty((size, h_words.shape[2]), np.uint64)
    padded = (K + TARGETS // 2 - 1) // (TARGETS // 2) * (TARGETS // 2)
    overlaps = np.zeros((size // TARGETS, padded, TARGETS), np.int32)
    fields, tables = scratch(ROWS)
    odds = np.zeros(size, np.float32)
    per_replica = (N + size - 1) // size
    for tile in range(start, stop):
        r, first = tile // per_replica, tile % per_replica * size
        rows = min(size, N - first)
        odds[:rows] = scale[r, first : first + rows]
        pack_rows(v[r], first, rows, -0.5, visible)  # erased units are up
        for turn in range(k):
            draw = step + 2 * turn
            overlaps[:] = 0
            pack_words(visible, rows, V, visible_words)
            find_overlaps(visible_words, v_words[r], V, rows, overlaps)
            if turn == 0 and kind == ERASED:  # half the sum: erased units cancel
                pack_rows(v[r], first, rows, 0.5, visible)
                pack_words(visible, rows, V, visible_words)
                find_overlaps(visible_words, v_words[r], V, rows, overlaps)
                overlaps >>= 1
            draw_layer(
                overlaps, h_lookup[r], first, rows, keys[r], draw, odds, hidden, fields, tables
            )
            overlaps[:] = 0
            pack_words(hidden, rows, H, hidden_words)
            find_overlaps(hidden_words, h_words[r], H, rows, overlaps)
            draw_layer(
                overlaps, v_lookup[r], first, rows, keys[r], draw + 1, odds, visible, fields,
                tables,
            )  # fmt: skip
        unpack_rows(visible, first, rows, out_v[r])
        unpack_rows(hidden, first, rows, out_h[r])
