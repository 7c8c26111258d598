"""k Gibbs steps of a small model in one launch: its couplings' digits stay on the chip.

A program loads the digits of one replica, once, and takes tile after tile of that replica's chains
through all k steps. Of a sweep only the last spins are written; fields, random numbers and the
spins on the way never leave the registers. The hidden units are taken in chunks, so that their
fields fit. For the visible units a program's warps each sum over a part of the chunk, as there are
too few columns to share out.
"""

# mypy: disable-error-code=assignment
# (tuples that grow, in code that Triton unrolls)

from __future__ import annotations

from typing import Any

import triton.language as tl
from torch import Tensor
from triton import cdiv

from ebmbench_cuda.digits import Side
from ebmbench_cuda.draw import draw, scale_of
from ebmbench_cuda.jit import NO_CONTRACTION, jit
from ebmbench_cuda.tuning import DEPTH, Small

COLUMNS = 32  # of a chunk to each warp


@jit
def load_digits(lowest, plane, DIGITS: tl.constexpr):  # type: ignore[no-untyped-def]
    """A tile of each digit's plane, lowest digit first."""
    found = (tl.load(lowest),)
    for digit in tl.static_range(1, DIGITS):
        found += (tl.load(lowest + digit * plane),)
    return found


@jit
def load_parts(  # type: ignore[no-untyped-def]
    lowest, plane, DIGITS: tl.constexpr, PARTS: tl.constexpr
):
    """The same, with the sources in parts: (PARTS, sources / PARTS, targets)."""
    sources: tl.constexpr = lowest.shape[0] // PARTS
    targets: tl.constexpr = lowest.shape[1]
    found = (tl.reshape(tl.load(lowest), (PARTS, sources, targets)),)
    for digit in tl.static_range(1, DIGITS):
        tile = tl.load(lowest + digit * plane)
        found += (tl.reshape(tile, (PARTS, sources, targets)),)
    return found


@jit
def field_of(s, digits, zero, DIGITS: tl.constexpr):  # type: ignore[no-untyped-def]
    """s'Q = ((s'd2) 2^8 + s'd1) 2^8 + s'd0, int32."""
    field = zero
    for digit in tl.static_range(DIGITS - 1, -1, -1):
        field = tl.dot(s, digits[digit], field << 8, out_dtype=tl.int32)
    return field


@jit
def sweep_small(  # type: ignore[no-untyped-def]
    v, out_h, to_hidden, hidden_bias, to_visible, visible_bias, keys, scale, step, k, rows,
    DIGITS: tl.constexpr, ROWS: tl.constexpr, VISIBLE: tl.constexpr, CHUNK: tl.constexpr,
    CHUNKS: tl.constexpr, PARTS: tl.constexpr, BOTH: tl.constexpr,
    H_HALVES: tl.constexpr, V_HALVES: tl.constexpr, EACH: tl.constexpr,
):  # fmt: skip
    """Take ``v`` (R, rows, VISIBLE) int8 k steps on, in place; ``out_h`` gets the last h.

    The grid is (programs, R). H = CHUNK CHUNKS; units are padded with couplings of 0.

    Args:
        to_hidden: (DIGITS, R, H, VISIBLE) int8; hidden_bias: (R, H) int32.
        to_visible: (DIGITS, R, VISIBLE, H) int8; visible_bias: (R, VISIBLE) int32.
        keys, scale, step, EACH: as in ``half_step``.
        BOTH: whether the digits in both orders fit on the chip. If not, those towards the visible
            units are loaded in every step.
        H_HALVES, V_HALVES: whether the words of h and of v come in halves.
    """
    H: tl.constexpr = CHUNK * CHUNKS
    r = tl.program_id(1).to(tl.int64)
    local = tl.arange(0, ROWS)
    i = tl.arange(0, VISIBLE)
    j = tl.arange(0, CHUNK)
    plane = tl.num_programs(1).to(tl.int64) * VISIBLE * H
    towards_h = to_hidden + (r * H + j[None, :]) * VISIBLE + i[:, None]
    towards_v = to_visible + (r * VISIBLE + i[None, :]) * H + j[:, None]
    down = (load_digits(towards_h, plane, DIGITS),)
    for c in tl.static_range(1, CHUNKS):
        down += (load_digits(towards_h + c * CHUNK * VISIBLE, plane, DIGITS),)
    if BOTH:
        up = (load_parts(towards_v, plane, DIGITS, PARTS),)
        for c in tl.static_range(1, CHUNKS):
            up += (load_parts(towards_v + c * CHUNK, plane, DIGITS, PARTS),)
    for first in range(tl.program_id(0) * ROWS, rows, tl.num_programs(0) * ROWS):
        row = first + local
        inside = (row < rows)[:, None]
        at_v = v + (r * rows + first) * VISIBLE + local[:, None] * VISIBLE + i[None, :]
        s = tl.load(at_v, mask=inside, other=1)
        for turn in range(k):
            # What is small is loaded in every step: registers are short, the cache is near.
            key = tl.load(keys + r).to(tl.uint64, bitcast=True)
            odds = scale_of(scale, r, row, rows, EACH)
            now = tl.load(step) + 2 * turn
            sums = tl.zeros((PARTS, ROWS, VISIBLE), tl.int32)
            for c in tl.static_range(CHUNKS):
                field = field_of(s, down[c], tl.zeros((ROWS, CHUNK), tl.int32), DIGITS)
                field += tl.load(hidden_bias + r * H + c * CHUNK + j)[None, :]
                h = draw(field, odds, key, now, row, c * CHUNK, H_HALVES)
                if turn == k - 1:
                    at_h = out_h + (r * rows + first) * H + local[:, None] * H + c * CHUNK
                    tl.store(at_h + j[None, :], h, mask=inside)
                parts = tl.permute(tl.reshape(h, (ROWS, PARTS, CHUNK // PARTS)), (1, 0, 2))
                zero = tl.zeros((PARTS, ROWS, VISIBLE), tl.int32)
                if BOTH:
                    sums += field_of(parts, up[c], zero, DIGITS)
                else:
                    loaded = load_parts(towards_v + c * CHUNK, plane, DIGITS, PARTS)
                    sums += field_of(parts, loaded, zero, DIGITS)
            field = tl.sum(sums, 0) + tl.load(visible_bias + r * VISIBLE + i)[None, :]
            s = draw(field, odds, key, now + 1, row, 0, V_HALVES)
        tl.store(at_v, s, mask=inside)


def options(
    small: Small, H: int, digits: int, in_halves: tuple[bool, bool], each: bool
) -> dict[str, Any]:
    """What the kernel is compiled for."""
    chunk = min(small.chunk, H)
    warps = chunk // COLUMNS
    return {
        "DIGITS": digits,
        "ROWS": small.rows,
        "VISIBLE": DEPTH,
        "CHUNK": chunk,
        "CHUNKS": H // chunk,
        "PARTS": warps,
        "BOTH": small.both,
        "H_HALVES": in_halves[0],
        "V_HALVES": in_halves[1],
        "EACH": each,
        "num_warps": warps,
        "num_stages": 1,
        **NO_CONTRACTION,
    }


def launch_persistent(
    v: Tensor,
    h: Tensor,
    to_hidden: Side,
    to_visible: Side,
    keys: Tensor,
    scale: Tensor,
    step: Tensor,
    k: int,
    small: Small,
    in_halves: tuple[bool, bool],
) -> None:
    """Take ``v`` (R, N, 32) int8 k steps on, in place, and fill ``h`` (R, N, H) int8.

    ``in_halves`` says of h and of v whether their words come so; ``scale`` is (R, 1), or (R, N).
    """
    R, N, H = h.shape
    programs = min(cdiv(N, small.rows), cdiv(small.programs, R))
    sweep_small[programs, R](
        v, h, *to_hidden, *to_visible, keys, scale, step, k, N,
        **options(small, H, len(to_hidden.planes), in_halves, each=scale.shape[1] > 1),
    )  # fmt: skip
