"""Two passes over all states of a layer of spins; nothing of size (states, units) is in memory.

The smaller layer, s (n spins), is enumerated; the other, t (m spins), is summed out:

    E(s, t) = -s'M t - p's - q't,   sum_t exp(-E) = exp(L),   L = p's + sum_j log 2cosh x_j,

x = s'M + q. The fields are the exact integers T of couplings in fixed point, and so is the sum of
their sizes: with log 2cosh x = |x| + log(1 + exp(-2|x|)),

    L log2 e = (p's + sum_j |T_j|) step log2 e + log2 prod_j (1 + 2^-|y_j|),   y = 2 x log2 e,

only the last term, at most 1 per unit, is rounded, to about 1e-7 of itself. No state's weight
loses digits to a large field.
"""

from __future__ import annotations

import triton.language as tl

from ebmbench_cuda.jit import jit
from ebmbench_cuda.persistent import field_of, load_digits
from ebmbench_cuda.tuning import Exact

UNITS = tl.constexpr(32)  # the enumerated layer with padding: the depth of an int8 product
FACTORS = tl.constexpr(64)  # of at most 2 that are multiplied before a logarithm is taken
NO_STATE = tl.constexpr(-(2**62))
FIRST_BITS = tl.constexpr(0xFFFFE000)  # what the TF32 format keeps of a float32


@jit
def spins_of(index, units):  # type: ignore[no-untyped-def]
    """States by number, (M,) -> (M, UNITS) int8: unit i is +1 where bit i is set, 0 is padding."""
    unit = tl.arange(0, UNITS)[None, :]
    spin = ((index[:, None] >> unit) & 1) * 2 - 1
    return tl.where(unit < units, spin, 0).to(tl.int8)


@jit
def fields_of(  # type: ignore[no-untyped-def]
    s, planes, bias, at, padded, DIGITS: tl.constexpr, STATES: tl.constexpr, TARGETS: tl.constexpr
):
    """T of the units ``at``, counted through all replicas, (STATES, TARGETS) int32."""
    towards = planes + at[None, :] * UNITS + tl.arange(0, UNITS)[:, None]
    digits = load_digits(towards, padded.to(tl.int64) * UNITS, DIGITS)
    field = field_of(s, digits, tl.zeros((STATES, TARGETS), tl.int32), DIGITS)
    return field + tl.load(bias + at)[None, :]


@jit
def log_weights(  # type: ignore[no-untyped-def]
    planes, bias, own_bias, scale, unit, log_weight, largest, units, states, targets, padded,
    DIGITS: tl.constexpr, STATES: tl.constexpr, TARGETS: tl.constexpr,
):  # fmt: skip
    """L log2 e of each state, and the lowest energy. The grid is (tiles of states, R).

    Args:
        planes: (DIGITS, R, padded, UNITS) int8; bias: q, (R, padded) int32.
        own_bias: p, (R, UNITS) int32.
        scale: (R,) float32, y of a field of 1; unit: (R,) float64, half of the same.
        log_weight: (R, states) float64, to be filled.
        largest: (R, tiles of states) int64, to be filled with max -E / step.
        units: n; targets: m, which ``padded`` rounds up to whole tiles.
    """
    r = tl.program_id(1).to(tl.int64)
    index = tl.program_id(0) * STATES + tl.arange(0, STATES)
    inside = index < states
    s = spins_of(index, units)
    own = tl.load(own_bias + r * UNITS + tl.arange(0, UNITS))
    size = tl.sum(s.to(tl.int32) * own[None, :], 1).to(tl.int64)
    sizes = tl.zeros((STATES, TARGETS), tl.int64)
    logs = tl.zeros((STATES, TARGETS), tl.float32)
    odds = tl.load(scale + r)
    for block in range(0, padded, FACTORS * TARGETS):
        product = tl.full((STATES, TARGETS), 1.0, tl.float32)
        for first in range(block, tl.minimum(block + FACTORS * TARGETS, padded), TARGETS):
            target = first + tl.arange(0, TARGETS)
            at = r * padded + target
            total = tl.num_programs(1) * padded
            field = fields_of(s, planes, bias, at, total, DIGITS, STATES, TARGETS)
            sizes += tl.abs(field).to(tl.int64)
            e = tl.exp2(-tl.abs(field.to(tl.float32) * odds))
            product *= 1.0 + tl.where(target[None, :] < targets, e, 0.0)
        logs += tl.log2(product)
    size += tl.sum(sizes, 1)
    found = size.to(tl.float64) * tl.load(unit + r) + tl.sum(logs.to(tl.float64), 1)
    tl.store(log_weight + r * states + index, found, mask=inside)
    best = tl.max(tl.where(inside, size, NO_STATE), 0)
    tl.store(largest + r * tl.num_programs(0) + tl.program_id(0), best)


@jit
def moments(  # type: ignore[no-untyped-def]
    planes, bias, scale, log_weight, log_z, sums, units, states, share, targets, padded,
    DIGITS: tl.constexpr, STATES: tl.constexpr, TARGETS: tl.constexpr,
):  # fmt: skip
    """sum_s p(s) (tanh x, 1) (s, 1)', over a share of the states for each program.

    The grid is (tiles of targets, shares, R). A unit that is always +1 ends each layer, so the
    sums hold <t s'>, <t>, <s> and 1. Products are of TF32: spins are exact in it, and what they
    meet is split in two. Each tile is summed on its own, as tensor cores do not round to nearest.

    Args:
        log_z: (R,) float64, log2 Z.
        sums: (shares, R, padded, UNITS) float32, to be filled.
        share: states of each program, whole tiles.
        (others): as above; ``padded`` has room for one more unit than ``targets``.
    """
    r = tl.program_id(2).to(tl.int64)
    target = tl.program_id(0) * TARGETS + tl.arange(0, TARGETS)
    at = r * padded + target
    total = tl.num_programs(2) * padded
    odds = tl.load(scale + r)
    whole = tl.load(log_z + r)
    found = tl.zeros((TARGETS, UNITS), tl.float32)
    for first in range(tl.program_id(1) * share, (tl.program_id(1) + 1) * share, STATES):
        index = first + tl.arange(0, STATES)
        s = spins_of(index, units)
        field = fields_of(s, planes, bias, at, total, DIGITS, STATES, TARGETS)
        y = field.to(tl.float32) * odds
        e = tl.exp2(-tl.abs(y))
        tanh = (1.0 - e) / (1.0 + e)
        tanh = tl.where(target[None, :] == targets, 1.0, tl.where(y < 0, -tanh, tanh))
        weight = tl.load(log_weight + r * states + index, mask=index < states, other=float("-inf"))
        t = tanh * tl.exp2((weight - whole).to(tl.float32))[:, None]
        high = (t.to(tl.uint32, bitcast=True) & FIRST_BITS).to(tl.float32, bitcast=True)
        with_one = tl.where(tl.arange(0, UNITS)[None, :] == units, 1, s).to(tl.float32)
        part = tl.dot(tl.trans(t - high), with_one, input_precision="tf32")
        found += tl.dot(tl.trans(high), with_one, part, input_precision="tf32")
    place = tl.program_id(1).to(tl.int64) * total + at
    tl.store(sums + place[:, None] * UNITS + tl.arange(0, UNITS)[None, :], found)


def options(tile: Exact, digits: int) -> dict[str, int]:
    """What the kernels are compiled for."""
    return {
        "DIGITS": digits,
        "STATES": tile.states,
        "TARGETS": tile.targets,
        "num_warps": tile.warps,
        "num_stages": 1,
    }
