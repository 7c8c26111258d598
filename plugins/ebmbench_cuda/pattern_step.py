"""One layer drawn given the other by patterns: overlaps first, then their sum and the draw, fused.

Overlaps are exact sums of int8 products, as any fields are. What they weigh is added up pattern by
pattern, every product and every sum rounded to float32: the order of
:class:`ebmbench.numerics.FactoredFixedPoint`, whose spins these are.
"""

from __future__ import annotations

from typing import Any

import triton.language as tl
from torch import Tensor
from triton import cdiv

from ebmbench_cuda.draw import draw, scale_of
from ebmbench_cuda.half_step import fields
from ebmbench_cuda.jit import INTERPRETED, NO_CONTRACTION, jit
from ebmbench_cuda.pattern_sides import PatternSide
from ebmbench_cuda.tuning import Tile

# Of a program that adds up and draws. One costs milliseconds in the interpreter, whatever its size.
SUM = {"ROWS": 512, "TARGETS": 128} if INTERPRETED.value else {"ROWS": 32, "TARGETS": 64}


@jit
def overlap_step(  # type: ignore[no-untyped-def]
    spins, planes, out, rows, sources, patterns,
    DIGITS: tl.constexpr, ROWS: tl.constexpr, TARGETS: tl.constexpr, SOURCES: tl.constexpr,
):  # fmt: skip
    """Fill ``out`` (R, rows, patterns) float32 with the overlaps of ``spins`` (R, rows, sources).

    Sources and patterns are padded to whole tiles. The grid is (tiles of patterns, tiles of rows,
    R); ``planes`` are (DIGITS, R, patterns, sources) int8.
    """
    r = tl.program_id(2).to(tl.int64)
    row = tl.program_id(1) * ROWS + tl.arange(0, ROWS)
    target = tl.program_id(0) * TARGETS + tl.arange(0, TARGETS)
    source = tl.arange(0, SOURCES)
    place = r * rows + tl.minimum(row, rows - 1)
    overlap = fields(
        spins + place[:, None] * sources + source[None, :],
        planes + (r * patterns + target[None, :]) * sources + source[:, None],
        tl.num_programs(2).to(tl.int64) * patterns * sources,
        sources, DIGITS, ROWS, TARGETS, SOURCES,
    )  # fmt: skip
    there = out + place[:, None] * patterns + target[None, :]
    tl.store(there, overlap.to(tl.float32), mask=(row < rows)[:, None])


@jit
def pattern_step(  # type: ignore[no-untyped-def]
    overlaps, numbers, keys, scale, step, turn, out, rows, K, patterns, targets,
    ROWS: tl.constexpr, TARGETS: tl.constexpr, EACH: tl.constexpr,
):  # fmt: skip
    """Draw ``out`` (R, rows, targets) int8 given ``overlaps`` (R, rows, patterns) float32.

    Args:
        numbers: (R, K, targets) float32, the drawn layer's patterns.
        K: how many there are; ``patterns`` with padding.
        keys, scale, step, turn, EACH: as in ``half_step``. Words never come in halves: no layer is
            small.
    """
    r = tl.program_id(2).to(tl.int64)
    row = tl.program_id(1) * ROWS + tl.arange(0, ROWS)
    first = tl.program_id(0) * TARGETS
    target = first + tl.arange(0, TARGETS)
    place = r * rows + tl.minimum(row, rows - 1)
    field = tl.zeros((ROWS, TARGETS), tl.float32)
    for k in range(K):
        overlap = tl.load(overlaps + place * patterns + k)
        number = tl.load(numbers + (r * K + k) * targets + target)
        field += overlap[:, None] * number[None, :]
    key = tl.load(keys + r).to(tl.uint64, bitcast=True)
    odds = scale_of(scale, r, row, rows, EACH)
    drawn = draw(field, odds, key, tl.load(step) + turn, row, first, False)
    tl.store(out + place[:, None] * targets + target[None, :], drawn, mask=(row < rows)[:, None])


def overlap_options(tile: Tile, digits: int) -> dict[str, Any]:
    """What the first kernel is compiled for."""
    return {
        "DIGITS": digits,
        "ROWS": tile.rows,
        "TARGETS": tile.targets,
        "SOURCES": tile.sources,
        "num_warps": tile.warps,
        "num_stages": tile.stages,
    }


def sum_options(each: bool) -> dict[str, Any]:
    """What the second kernel is compiled for."""
    return {**SUM, "EACH": each, "num_warps": 4, **NO_CONTRACTION}


def launch_overlaps(spins: Tensor, side: PatternSide, tile: Tile, out: Tensor) -> None:
    """Fill ``out`` (R, N, K with padding) float32 with what spins (R, N, sources) int8 overlap."""
    (R, N, sources), patterns = spins.shape, out.shape[2]
    overlap_step[patterns // tile.targets, cdiv(N, tile.rows), R](
        spins, side.planes, out, N, sources, patterns, **overlap_options(tile, len(side.planes))
    )


def launch_pattern_step(
    overlaps: Tensor,
    side: PatternSide,
    keys: Tensor,
    scale: Tensor,
    step: Tensor,
    turn: int,
    out: Tensor,
) -> None:
    """Draw ``out`` (R, N, targets) int8 from overlaps (R, N, K with padding)."""
    (R, N, patterns), (K, targets) = overlaps.shape, side.numbers.shape[1:]
    pattern_step[cdiv(targets, SUM["TARGETS"]), cdiv(N, SUM["ROWS"]), R](
        overlaps, side.numbers, keys, scale, step, turn, out, N, K, patterns, targets,
        **sum_options(each=scale.shape[1] > 1),
    )  # fmt: skip
