"""A CD-k or PCD-k update as each of its threads makes it: its part of every stage.

Between stages the threads meet. All bits are those of one thread: what a stage writes is cut at
tiles of targets, at runs of 32 rows or at single parameters, and nothing is added up across cuts.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ebmbench.numerics import (
    add_sizes,
    fill_units_per_one,
    kept,
    meet,
    njit,
    now,
    philox,
    take_step,
)
from ebmbench_cpu.coupling_tiles import pack_couplings
from ebmbench_cpu.half_step import draw_targets
from ebmbench_cpu.integer_phase import BLOCK, fill_integer_phase
from ebmbench_cpu.packing import pack_rows, turn_rows, unpack_rows
from ebmbench_cpu.tables import GROUPS, TARGETS, scratch

F32 = np.float32
RUNS = BLOCK // TARGETS  # runs of 32 rows in a block

Floats = NDArray[np.float32]
Bits = NDArray[np.uint8]


class Packed(NamedTuple):
    """Couplings and biases of the draws of both layers, and sums of sizes they are packed by.

    Attributes:
        to_hidden, hidden_bias, to_visible, visible_bias: of :mod:`ebmbench_cpu.packing`.
        rows: (R, V) float64; columns: (threads, R, H) float64; largest: (threads, R) float64.
    """

    to_hidden: NDArray[np.int32]
    hidden_bias: NDArray[np.int32]
    to_visible: NDArray[np.int32]
    visible_bias: NDArray[np.int32]
    rows: NDArray[np.float64]
    columns: NDArray[np.float64]
    largest: NDArray[np.float64]


class Rows(NamedTuple):
    """Rows of spins, and what is found of them.

    Attributes:
        v: (R, N, V) float32.
        bits: (R, blocks, tiles of V, BLOCK, 8) uint8, units as sources; 0 beyond row N.
        turned: (R, blocks, RUNS, V, 8) uint8, rows as sources.
        weight: of each row.
        phase: -<v t'>, -<v> and -<t>; (R, V, H), (R, 1, V) and (R, 1, H).
    """

    v: Floats
    bits: Bits
    turned: Bits
    weight: float
    phase: tuple[Floats, Floats, Floats]

    @classmethod
    def of(cls, v: Floats, weight: float, H: int) -> Rows:
        """Memory for rows v and their phase."""
        R, N, V = v.shape
        blocks, tiles = -(-N // BLOCK), -(-V // TARGETS)
        bits = np.zeros((R, blocks, tiles, BLOCK, GROUPS), np.uint8)
        turned = np.empty((R, blocks, RUNS, V, GROUPS), np.uint8)
        phase = np.empty((R, V, H), F32), np.empty((R, 1, V), F32), np.empty((R, 1, H), F32)
        return cls(v, bits, turned, weight, phase)


class Draws(NamedTuple):
    """Where random numbers come from, and how many steps are drawn.

    Attributes:
        keys: (R,) uint64.
        first: number of the first draw.
        k: Gibbs steps.
        go_on: whether chains go on from where they were; else they start at the batch.
    """

    keys: NDArray[np.uint64]
    first: int
    k: int
    go_on: bool


class Learned(NamedTuple):
    """A parameter, and what the optimiser remembers of it, each in one row; all may be empty."""

    x: Floats
    m: Floats
    s: Floats


@kept
@njit(nogil=True)
def make_part(index, count, place, model, packed, batch, chains, hidden, draws, steps, spent):  # type: ignore[no-untyped-def]
    """Make one thread's part of an update; steps the parameters in place.

    Args:
        index, count: which of so many threads this is.
        place: where they meet.
        model: W (R, V, H), a (R, V) and b (R, H).
        packed: a ``Packed``.
        batch, chains: ``Rows``; ``chains.v`` holds where they start if they go on, and is filled
            with where they end.
        hidden: (R, blocks, tiles of H, BLOCK, 8) uint8, memory for the chains' h.
        draws: a ``Draws``.
        steps: for W, a and b, a ``Learned`` each, and the numbers of their steps (3, n).
        spent: (threads, 3) float64, its seconds for the data phase, the negative phase and the
            step are added to.
    """
    R, V, H = model[0].shape
    N, seconds = chains.v.shape[1], spent[index]
    began = now()
    find_sizes(index, count, model[0], packed)
    meet(place, count)
    step = pack_part(index, count, model, packed)
    seconds[1] += now() - began
    began = now()
    pack_part_of_rows(index, count, batch, True)
    seconds[0] += now() - began
    began = now()
    if draws.go_on:
        pack_part_of_rows(index, count, chains, False)
    meet(place, count)
    odds = np.empty((R, N), np.float32)
    for r in range(R):
        odds[r] = np.float32(np.float64(step[r]) * philox.TWO_LOG2_E)
    seconds[1] += now() - began

    none = hidden[:, :0]
    share = np.zeros(2, np.float64)
    find_phase(
        index, count, batch, packed, step, draws, odds, none if draws.go_on else hidden, share
    )
    seconds[0] += share[0]
    seconds[1] += share[1]
    began = now()
    draw_chains(index, count, place, chains, packed, hidden, draws, odds, (V, H))
    turn_part_of_rows(index, count, chains)
    meet(place, count)
    find_phase(index, count, chains, packed, step, draws, odds, none, share)
    meet(place, count)
    seconds[1] += now() - began
    began = now()
    learned, numbers = steps
    step_part(index, count, learned[0], batch.phase[0], chains.phase[0], numbers[0])
    step_part(index, count, learned[1], batch.phase[1], chains.phase[1], numbers[1])
    step_part(index, count, learned[2], batch.phase[2], chains.phase[2], numbers[2])
    seconds[2] += now() - began


@njit(nogil=True)
def part(index, count, length):  # type: ignore[no-untyped-def]
    """Where the part ``index`` of ``count`` of so many things starts and stops."""
    return length * index // count, length * (index + 1) // count


@njit(nogil=True)
def find_sizes(index, count, W, packed):  # type: ignore[no-untyped-def]
    """Sums of |W| along this thread's rows, and along columns as far as these go."""
    R, V, _ = W.shape
    for r in range(R):
        start, stop = part(index, count, V)
        packed.columns[index, r] = 0.0
        largest = add_sizes(W[r, start:stop], packed.rows[r, start:stop], packed.columns[index, r])
        packed.largest[index, r] = largest


@njit(nogil=True)
def pack_part(index, count, model, packed):  # type: ignore[no-untyped-def]
    """Pack this thread's tiles of couplings; what a field of 1 is worth, (R,) float64."""
    W, a, b = model
    R, V, H = W.shape
    on_visible, on_hidden = packed.rows + np.abs(a), np.abs(b).astype(np.float64)
    largest, per_one = np.zeros(R, np.float64), np.empty(R, np.float64)
    for thread in range(count):
        on_hidden += packed.columns[thread]
        largest = np.maximum(largest, packed.largest[thread])
    fill_units_per_one(on_visible, on_hidden, largest, per_one, max(V, H) + 1.0)
    start, stop = part(index, count, R * packed.to_visible.shape[1])
    pack_couplings(
        W, a, b, per_one.astype(np.float32), packed.to_hidden, packed.hidden_bias,
        packed.to_visible, packed.visible_bias, start, stop,
    )  # fmt: skip
    return 1.0 / per_one


@njit(nogil=True)
def runs_of(rows):  # type: ignore[no-untyped-def]
    """Runs of 32 rows, the last perhaps of fewer."""
    return (rows.v.shape[1] + TARGETS - 1) // TARGETS


@njit(nogil=True)
def pack_part_of_rows(index, count, rows, turn):  # type: ignore[no-untyped-def]
    """Pack this thread's runs of rows, and perhaps turn them."""
    runs = runs_of(rows)
    start, stop = part(index, count, len(rows.v) * runs)
    for place in range(start, stop):
        r, run = place // runs, place % runs
        block, first = run // RUNS, run % RUNS * TARGETS
        here = min(TARGETS, rows.v.shape[1] - run * TARGETS)
        bits = rows.bits[r, block, :, first : first + TARGETS]
        pack_rows(rows.v[r], run * TARGETS, here, np.float32(0.0), bits)
    if turn:
        turn_part(start, stop, rows)


@njit(nogil=True)
def turn_part(start, stop, rows):  # type: ignore[no-untyped-def]
    """Turn the runs of rows from ``start`` to ``stop``, counted through all replicas."""
    runs = runs_of(rows)
    for place in range(start, stop):
        r, block, run = place // runs, place % runs // RUNS, place % runs % RUNS
        turn_rows(rows.bits[r, block], run * TARGETS, rows.turned[r, block, run])


@njit(nogil=True)
def turn_part_of_rows(index, count, rows):  # type: ignore[no-untyped-def]
    """Turn this thread's runs of rows, and write them out as float32."""
    runs = runs_of(rows)
    start, stop = part(index, count, len(rows.v) * runs)
    turn_part(start, stop, rows)
    for place in range(start, stop):
        r, run = place // runs, place % runs
        block, first = run // RUNS, run % RUNS * TARGETS
        here = min(TARGETS, rows.v.shape[1] - run * TARGETS)
        unpack_rows(rows.bits[r, block, :, first : first + TARGETS], run * TARGETS, here, rows.v[r])


@njit(nogil=True)
def find_phase(index, count, rows, packed, step, draws, odds, hidden, seconds):  # type: ignore[no-untyped-def]
    """This thread's tiles of a phase, h being drawn too if there is room; its seconds are added."""
    start, stop = part(index, count, len(rows.v) * packed.to_hidden.shape[1])
    of_v, _, of_h = rows.phase
    fill_integer_phase(
        packed.to_hidden, packed.hidden_bias, rows.bits, rows.turned, rows.v.shape[1],
        step.astype(np.float32), np.float32(rows.weight), draws.keys, draws.first, odds, hidden,
        of_v, of_h, seconds, start, stop,
    )  # fmt: skip
    if index == 0:
        find_mean(rows)


@njit(nogil=True)
def find_mean(rows):  # type: ignore[no-untyped-def]
    """-<v> of spins, by counting those that are up: a sum of spins is exact."""
    R, N, V = rows.v.shape
    mean, ups = rows.phase[1], np.empty(V, np.int64)
    for r in range(R):
        ups[:] = 0
        for run in range(runs_of(rows)):
            turned = rows.turned[r, run // RUNS, run % RUNS]
            for unit in range(V):
                for group in range(GROUPS):
                    ups[unit] += UPS[turned[unit, group]]
        for unit in range(V):
            mean[r, 0, unit] = -rows.weight * np.float64(2 * ups[unit] - N)


UPS = np.array([state.bit_count() for state in range(16)], np.int64)


@njit(nogil=True)
def draw_chains(index, count, place, chains, packed, hidden, draws, odds, units):  # type: ignore[no-untyped-def]
    """Draw this thread's tiles of h and v in turn, k times, meeting the others after each layer.

    Chains that start at the batch have their first h already.
    """
    V, H = units
    for turn in range(draws.k):
        draw = draws.first + 2 * turn
        if turn > 0 or draws.go_on:
            draw_part(
                index, count, packed.to_hidden, packed.hidden_bias, chains.bits, H, draws.keys,
                draw, odds, hidden,
            )  # fmt: skip
        meet(place, count)
        draw_part(
            index, count, packed.to_visible, packed.visible_bias, hidden, V, draws.keys, draw + 1,
            odds, chains.bits,
        )  # fmt: skip
        meet(place, count)


@njit(nogil=True)
def draw_part(index, count, couplings, bias, bits, targets, keys, draw, odds, out):  # type: ignore[no-untyped-def]
    """Draw this thread's tiles of one layer from the other's bits, block by block."""
    R, tiles = couplings.shape[:2]
    blocks, N = bits.shape[1], odds.shape[1]
    fields, tables = scratch(BLOCK)
    start, stop = part(index, count, R * tiles * blocks)
    for work in range(start, stop):
        r, tile, block = work // blocks // tiles, work // blocks % tiles, work % blocks
        first = block * BLOCK
        rows = min(BLOCK, N - first)
        draw_targets(
            couplings[r, tile], bias[r, tile], bits[r, block], targets, tile, first, rows, keys[r],
            draw, odds[r][first : first + rows], out[r, block, tile], fields, tables,
        )  # fmt: skip


@njit(nogil=True)
def step_part(index, count, learned, data, negative, numbers):  # type: ignore[no-untyped-def]
    """Step this thread's part of a parameter."""
    start, stop = part(index, count, len(learned.x))
    take_step(
        learned.x[start:stop], data.reshape(-1)[start:stop], negative.reshape(-1)[start:stop],
        learned.m[start:stop], learned.s[start:stop], numbers,
    )  # fmt: skip
