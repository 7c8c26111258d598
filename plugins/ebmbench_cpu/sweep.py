"""k Gibbs steps of many chains: each row tile is swept on its own, from start to end."""

from __future__ import annotations

import numpy as np

from ebmbench.numerics import kept, njit
from ebmbench_cpu.half_step import half_step, half_step_erased
from ebmbench_cpu.packing import ERASED, OTHER, pack_rows, unpack_rows
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
    to_hidden, hidden_bias, to_visible, visible_bias, keys, scale, step, k, kind, v, h, out_v,
    out_h, size, start, stop,
):  # fmt: skip
    """Sweep the row tiles ``start`` to ``stop``, counted through all replicas.

    Args:
        to_hidden, to_visible: packed couplings, (R, tiles, sources, 32).
        hidden_bias, visible_bias: (R, tiles, 32).
        keys: (R,) uint64; scale: (R,) float32, what turns fields into log2-odds.
        step: number of the first draw; h and v are drawn in turn.
        k: steps, at least 1.
        kind: what v is: SPINS, spins of which some are ERASED (0), or OTHER numbers.
        v: (R, N, V) float32; h: (R, N, H), drawn from v where that is OTHER, else anything.
        out_v: the same; out_h: (R, N, ...), told of so many hidden units.
        size: rows of a tile, :func:`rows_of_tile`.
    """
    N = v.shape[1]
    visible = np.empty((to_visible.shape[1], size, GROUPS), np.uint8)
    lower = np.empty_like(visible)
    hidden = np.empty((to_hidden.shape[1], size, GROUPS), np.uint8)
    fields, tables = scratch(size)
    per_replica = (N + size - 1) // size
    for index in range(start, stop):
        r, first = index // per_replica, index % per_replica * size
        rows = min(size, N - first)
        pack_rows(v[r], first, rows, -0.5, visible)  # erased units are up
        for turn in range(k):
            draw = step + 2 * turn
            if turn == 0 and kind == OTHER:
                pack_rows(h[r], first, rows, 0.0, hidden)
            elif turn == 0 and kind == ERASED:
                pack_rows(v[r], first, rows, 0.5, lower)
                half_step_erased(
                    to_hidden[r], hidden_bias[r], visible, lower, first, rows, keys[r], draw,
                    scale[r], hidden, fields, tables,
                )  # fmt: skip
            else:
                half_step(
                    to_hidden[r], hidden_bias[r], visible, first, rows, keys[r], draw,
                    scale[r], hidden, fields, tables,
                )  # fmt: skip
            half_step(
                to_visible[r], visible_bias[r], hidden, first, rows, keys[r], draw + 1,
                scale[r], visible, fields, tables,
            )  # fmt: skip
        unpack_rows(visible, first, rows, out_v[r])
        unpack_rows(hidden, first, rows, out_h[r])
