"""One layer drawn given the other, fused: product, bias, random numbers and draw in one kernel.

A program draws a tile of (chains, units) of one replica. The sources' spins meet the couplings'
int8 digits on tensor cores, sums are int32 and exact, and the fields are drawn from while they lie
in registers: int8 spins are all that is written.
"""

from __future__ import annotations

from typing import Any

import triton.language as tl
from torch import Tensor
from triton import cdiv

from ebmbench_cuda.digits import Side
from ebmbench_cuda.draw import draw, scale_of
from ebmbench_cuda.jit import NO_CONTRACTION, jit
from ebmbench_cuda.tuning import Tile

DRAW = {"ROWS": 32, "TARGETS": 64, "num_warps": 4}  # of a program that draws and does no more


@jit
def fields(  # type: ignore[no-untyped-def]
    spins, planes, plane, sources,
    DIGITS: tl.constexpr, ROWS: tl.constexpr, TARGETS: tl.constexpr, SOURCES: tl.constexpr,
):  # fmt: skip
    """s'Q over all sources, (ROWS, TARGETS) int32: (D2 2^16) + (D1 2^8) + D0, where Di = s'di.

    Args:
        spins: pointers to the first tile of sources, (ROWS, SOURCES).
        planes: the same of the lowest digit, (SOURCES, TARGETS).
        plane: from one digit's plane to the next, in bytes.
    """
    d0 = tl.zeros((ROWS, TARGETS), tl.int32)
    d1 = tl.zeros((ROWS, TARGETS), tl.int32)
    d2 = tl.zeros((ROWS, TARGETS), tl.int32)
    for first in range(0, sources, SOURCES):
        s = tl.load(spins + first)
        d0 = tl.dot(s, tl.load(planes + first), d0, out_dtype=tl.int32)
        if DIGITS > 1:
            d1 = tl.dot(s, tl.load(planes + plane + first), d1, out_dtype=tl.int32)
        if DIGITS > 2:
            d2 = tl.dot(s, tl.load(planes + 2 * plane + first), d2, out_dtype=tl.int32)
    if DIGITS > 1:
        d0 += d1 << 8
    if DIGITS > 2:
        d0 += d2 << 16
    return d0


@jit
def half_step(  # type: ignore[no-untyped-def]
    spins, planes, bias, keys, scale, step, turn, out, rows, sources, targets,
    DIGITS: tl.constexpr, ROWS: tl.constexpr, TARGETS: tl.constexpr, SOURCES: tl.constexpr,
    HALVES: tl.constexpr, EACH: tl.constexpr,
):  # fmt: skip
    """Draw ``out`` (R, rows, targets) given ``spins`` (R, rows, sources), both int8.

    Sources and targets are padded to whole tiles; what stands in the padding of ``spins`` meets
    couplings of 0. The grid is (tiles of targets, tiles of rows, R).

    Args:
        planes: (DIGITS, R, targets, sources) int8, lowest digit first.
        bias: (R, targets) int32.
        keys: (R,) int64, the bits of the replicas' keys.
        scale: (R, rows) float32 where EACH row has its own, else (R, 1), what turns fields into
            log2-odds.
        step: int64, one number in memory, so that a CUDA graph that is replayed draws afresh.
        turn: how many draws after ``step`` this one is.
        HALVES: whether words come in halves.
    """
    r = tl.program_id(2).to(tl.int64)
    row = tl.program_id(1) * ROWS + tl.arange(0, ROWS)
    first = tl.program_id(0) * TARGETS
    target = first + tl.arange(0, TARGETS)
    source = tl.arange(0, SOURCES)
    place = r * rows + tl.minimum(row, rows - 1)
    field = fields(
        spins + place[:, None] * sources + source[None, :],
        planes + (r * targets + target[None, :]) * sources + source[:, None],
        tl.num_programs(2).to(tl.int64) * targets * sources,
        sources, DIGITS, ROWS, TARGETS, SOURCES,
    )  # fmt: skip
    field += tl.load(bias + r * targets + target)[None, :]
    key = tl.load(keys + r).to(tl.uint64, bitcast=True)
    odds = scale_of(scale, r, row, rows, EACH)
    drawn = draw(field, odds, key, tl.load(step) + turn, row, first, HALVES)
    tl.store(out + place[:, None] * targets + target[None, :], drawn, mask=(row < rows)[:, None])


@jit
def draw_step(  # type: ignore[no-untyped-def]
    field, keys, scale, step, turn, out, rows, units, targets,
    ROWS: tl.constexpr, TARGETS: tl.constexpr, HALVES: tl.constexpr, EACH: tl.constexpr,
):  # fmt: skip
    """Draw the first ``units`` of ``out`` (R, rows, targets) int8 given the fields on them.

    Args:
        field: (R, rows, units) float64, of which float32 is taken.
        keys, scale, step, turn, HALVES, EACH: as in ``half_step``.
    """
    r = tl.program_id(2).to(tl.int64)
    row = tl.program_id(1) * ROWS + tl.arange(0, ROWS)
    first = tl.program_id(0) * TARGETS
    unit = first + tl.arange(0, TARGETS)
    inside = (row < rows)[:, None] & (unit < units)[None, :]
    place = (r * rows + row)[:, None]
    x = tl.load(field + place * units + unit[None, :], mask=inside, other=0.0)
    key = tl.load(keys + r).to(tl.uint64, bitcast=True)
    odds = scale_of(scale, r, row, rows, EACH)
    drawn = draw(x, odds, key, tl.load(step) + turn, row, first, HALVES)
    tl.store(out + place * targets + unit[None, :], drawn, mask=inside)


def options(tile: Tile, digits: int, in_halves: bool, each: bool) -> dict[str, Any]:
    """What the kernel is compiled for."""
    return {
        "DIGITS": digits,
        "ROWS": tile.rows,
        "TARGETS": tile.targets,
        "SOURCES": tile.sources,
        "HALVES": in_halves,
        "EACH": each,
        "num_warps": tile.warps,
        "num_stages": tile.stages,
        **NO_CONTRACTION,
    }


def launch_half_step(
    spins: Tensor,
    side: Side,
    keys: Tensor,
    scale: Tensor,
    step: Tensor,
    turn: int,
    out: Tensor,
    tile: Tile,
    in_halves: bool,
) -> None:
    """Draw ``out`` (R, N, targets) given ``spins`` (R, N, sources), padded to whole tiles.

    ``in_halves`` says whether words come so, which the model's sources without padding decide;
    ``scale`` is (R, 1), or (R, N).
    """
    R, N, sources = spins.shape
    targets = out.shape[2]
    half_step[targets // tile.targets, cdiv(N, tile.rows), R](
        spins, side.planes, side.bias, keys, scale, step, turn, out, N, sources, targets,
        **options(tile, len(side.planes), in_halves, each=scale.shape[1] > 1),
    )  # fmt: skip


def draw_options(in_halves: bool, each: bool) -> dict[str, Any]:
    """What the draw alone is compiled for."""
    return {**DRAW, "HALVES": in_halves, "EACH": each, **NO_CONTRACTION}


def launch_draw_step(
    field: Tensor, keys: Tensor, scale: Tensor, step: Tensor, turn: int, out: Tensor, halves: bool
) -> None:
    """Draw the units of ``out`` (R, N, targets) that ``field`` (R, N, units) float64 is on."""
    R, N, units = field.shape
    options = draw_options(halves, each=scale.shape[1] > 1)
    draw_step[cdiv(units, DRAW["TARGETS"]), cdiv(N, DRAW["ROWS"]), R](
        field, keys, scale, step, turn, out, N, units, out.shape[2], **options
    )
