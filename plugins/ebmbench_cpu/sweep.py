"""k Gibbs steps of many chains: each row tile is swept on its own, from start to end."""

from __future__ import annotations

import numpy as np

from ebmbench.numerics import kept, njit, philox
from ebmbench_cpu.half_step import half_step, half_step_erased
from ebmbench_cpu.packing import ERASED, OTHER, pack_rows, unpack_rows
from ebmbench_cpu.shared_rows import half_step_erased_in_halves, half_step_shared, sharing
from ebmbench_cpu.tables import GROUPS, TARGETS, scratch

ROWS = 512  # rows of a row tile: their fields fill an eighth of a second-level cache


def rows_of_tile(R: int, N: int, threads: int) -> int:
    """Rows of a row tile of R replicas with N rows each, at most ROWS and a multiple of 32.

    Replicas are cut into more tiles than that asks for where threads would have none to work on.
    """
    tiles = -(-N // ROWS)
    if threads > R:
        tiles = -(-tiles // threads) * threads
    return -(-N // (tiles * TARGETS)) * TARGETS


@kept
@njit(nogil=True)
def sweep_tiles(  # type: ignore[no-untyped-def]
    to_hidden, hidden_bias, to_visible, visible_bias, H, keys, scale, step, k, kind, v, h, out_v,
    out_h, size, start, stop,
):  # fmt: skip
    """Sweep the row tiles ``start`` to ``stop``, counted through all replicas.

    Args:
        to_hidden, to_visible: packed couplings, (R, tiles, sources, 32).
        hidden_bias, visible_bias: (R, tiles, 32).
        H: hidden units.
        keys: (R,) uint64; scale: (R, N) float32, what turns each row's fields into log2-odds.
        step: number of the first draw; h and v are drawn in turn.
        k: steps, at least 1.
        kind: what v is: SPINS, spins of which some are ERASED (0), or OTHER numbers.
        v: (R, N, V) float32; h: (R, N, H), drawn from v where that is OTHER, else anything.
        out_v: the same; out_h: (R, N, ...), told of so many hidden units.
        size: rows of a tile, :func:`rows_of_tile`.
    """
    _, N, V = v.shape
    visible_tiles, hidden_tiles = to_visible.shape[1], to_hidden.shape[1]
    visible = np.empty((even(visible_tiles), size, GROUPS), np.uint8)
    lower = np.empty_like(visible)
    hidden = np.empty((even(hidden_tiles), size, GROUPS), np.uint8)
    fields, tables = scratch(2 * size)
    shared = sharing(size)
    per_replica = (N + size - 1) // size
    for index in range(start, stop):
        r, first = index // per_replica, index % per_replica * size
        rows = min(size, N - first)
        odds = scale[r][first : first + rows]
        pack_rows(v[r], first, rows, -0.5, visible[:visible_tiles])  # erased units are up
        for turn in range(k):
            draw = step + 2 * turn
            if turn == 0 and kind == OTHER:
                pack_rows(h[r], first, rows, 0.0, hidden[:hidden_tiles])
            elif turn == 0 and kind == ERASED:
                pack_rows(v[r], first, rows, 0.5, lower[:visible_tiles])
                draw_layer_erased(
                    to_hidden[r], hidden_bias[r], visible, lower, first, rows, keys[r], draw,
                    odds, hidden, fields, tables, shared,
                )  # fmt: skip
            else:
                draw_layer(
                    to_hidden[r], hidden_bias[r], visible, V, H, first, rows, keys[r], draw,
                    odds, hidden, fields, tables, shared,
                )  # fmt: skip
            draw_layer(
                to_visible[r], visible_bias[r], hidden, H, V, first, rows, keys[r], draw + 1,
                odds, visible, fields, tables, shared,
            )  # fmt: skip
        unpack_rows(visible, first, rows, out_v[r])
        unpack_rows(hidden, first, rows, out_h[r])


@njit(nogil=True)
def draw_layer(  # type: ignore[no-untyped-def]
    couplings, bias, bits, sources, targets, first, rows, key, step, scale, out, fields, tables,
    shared,
):  # fmt: skip
    """``half_step``, or what few sources are drawn from."""
    if couplings.shape[1] <= philox.FEW:
        half_step_shared(
            couplings, bias, bits, sources, first, rows, key, step, scale, out, fields, tables,
            shared,
        )  # fmt: skip
    else:
        half_step(
            couplings, bias, bits, targets, first, rows, key, step, scale, out, fields, tables
        )


@njit(nogil=True)
def draw_layer_erased(  # type: ignore[no-untyped-def]
    couplings, bias, upper, lower, first, rows, key, step, scale, out, fields, tables, shared
):
    """The same from units of which some are 0."""
    if couplings.shape[1] <= philox.FEW:
        half_step_erased_in_halves(
            couplings, bias, upper, lower, first, rows, key, step, scale, out, fields, tables,
            shared,
        )  # fmt: skip
    else:
        half_step_erased(
            couplings, bias, upper, lower, first, rows, key, step, scale, out, fields, tables
        )


@njit(nogil=True)
def even(tiles):  # type: ignore[no-untyped-def]
    """So many tiles, in whole pairs."""
    return tiles + tiles % 2
