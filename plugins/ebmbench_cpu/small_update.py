"""A CD-k or PCD-k update of an RBM of few visible units, in one compiled call.

Of such a model arithmetic is little and what surrounds it is most of an update. Each replica goes
through all of it, data phase, packing, sweep, negative phase and step, before the next one does.
The numbers are those of an update phase by phase, to the last bit.
"""

from __future__ import annotations

from functools import partial
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ebmbench import Chains, Model, Noise, Particles, TwoLayer
from ebmbench.numerics import (
    COLUMNS,
    Done,
    Moments,
    Step,
    WholeUpdate,
    cut,
    fill_bounds,
    fill_distinct_phases,
    fill_units_per_one,
    find_distinct,
    has_few_units,
    in_parallel,
    kept,
    njit,
    now,
    philox,
    take_step,
    thread_count,
)
from ebmbench_cpu.coupling_tiles import pack_couplings
from ebmbench_cpu.packing import SPINS, are_spins, sources_of, tiles_of
from ebmbench_cpu.sweep import ROWS, sweep_tiles
from ebmbench_cpu.tables import TARGETS

F32 = np.float32
WORK = 1 << 19  # multiply-adds of an update below which a second thread does not pay

Floats = NDArray[np.float32]


class SmallChainUpdate(WholeUpdate):
    """Updates of a model whose parameters are W and perhaps a and b, with few visible units.

    Args:
        k: Gibbs steps.
        chains: how many go on from the state; None where they start at the batch.
        moments: what the optimiser remembers.

    Attributes:
        learned: the parameters and what the optimiser remembers of them, in the memory where they
            stay, and memory for packed couplings.
        means: weights of particles that are all alike, by how many.
    """

    def __init__(self, model: Model, k: int, chains: int | None, moments: Moments) -> None:
        self.k, self.chains = k, chains
        self.W, a, b = cast(TwoLayer, model).couplings()
        R, V, H = self.W.shape
        empty = torch.empty(0)
        biased = a is not None and b is not None
        biases = (a, b) if biased else (torch.zeros(R, V), torch.zeros(R, H))
        of_biases = moments[1:] if biased else ((empty, empty), (empty, empty))
        parameters = [cast(Tensor, each).detach().numpy() for each in (self.W, *biases)]
        remembered = [each.numpy() for pair in (moments[0], *of_biases) for each in pair]
        packed = (
            np.zeros((R, tiles_of(H), sources_of(V), TARGETS), np.int32),
            np.zeros((R, tiles_of(H), TARGETS), np.int32),
            np.zeros((R, tiles_of(V), sources_of(H), TARGETS), np.int32),
            np.zeros((R, tiles_of(V), TARGETS), np.int32),
        )
        self.learned = (*parameters, biased, *remembered, *packed)
        self.macs = 2 * R * V * H
        self.means: dict[tuple[int, int], Floats] = {}

    def fits(self, batch: Particles) -> bool:
        if not has_few_units(batch, self.W) or self._spare_threads(batch):
            return False
        return are_spins(batch.v)

    def held(self, rows: int) -> float:
        (_, V, H), chains = self.W.shape, self.chains or rows
        return float(4 * (2 * V * H + chains * V + chains + rows))  # packed, ended, and weights

    def make(self, batch: Particles, state: Any, noise: Noise, step: Step) -> Done:
        v = np.ascontiguousarray(batch.v.numpy())
        R, B, _ = v.shape
        alike = batch.log_weight is None
        weight = self._mean(R, B) if alike else np.ascontiguousarray(batch.weights.numpy())
        start, chain_weight = v, weight
        if self.chains is not None:
            start = np.ascontiguousarray(cast(Chains, state).v.numpy())
            chain_weight = self._mean(R, start.shape[1])
        ended = np.empty_like(start)
        arrays = (
            v, weight, start, chain_weight, *self.learned, noise.keys, noise.advance(2 * self.k),
            self.k, step.numbers, F32(step.kept_share), ended,
        )  # fmt: skip
        if thread_count() == 1 or R == 1:  # what is around a small update must not outweigh it
            seconds = np.zeros(3)
            update_replicas.compiled(*arrays, seconds, 0, R)
        else:
            parts = cut(R, thread_count())
            shares = np.zeros((len(parts), 3))
            work = [
                partial(update_replicas, *arrays, own, part.start, part.stop)
                for own, part in zip(shares, parts, strict=True)
            ]
            in_parallel(work)
            seconds = shares.sum(0)
        state = Chains(torch.from_numpy(ended)) if self.chains is not None else state
        return Done(state, seconds)

    def _mean(self, R: int, N: int) -> Floats:
        """The weights of N particles without any, (R, N)."""
        if (R, N) not in self.means:
            self.means[R, N] = np.full((R, N), 1 / N, F32)
        return self.means[R, N]

    def _spare_threads(self, batch: Particles) -> bool:
        """Whether threads would wait: they share out replicas here, and phase by phase rows too."""
        rows = batch.v.shape[1] + self.k * (self.chains or batch.v.shape[1])
        return thread_count() > len(batch.v) and rows * self.macs > WORK


@kept
@njit(nogil=True)
def update_replicas(  # type: ignore[no-untyped-def]
    v, weight, start_v, chain_weight, W, a, b, biased, m_W, s_W, m_a, s_a, m_b, s_b, to_hidden,
    hidden_bias, to_visible, visible_bias, keys, draw, k, numbers, kept_share, ended, seconds,
    start, stop,
):  # fmt: skip
    """Update the parameters of the replicas from ``start`` to ``stop`` in place.

    Args:
        v, weight: the batch, (R, B, V) and (R, B).
        start_v, chain_weight: where chains start, (R, N, V), and their weights, (R, N).
        biased: whether a and b are parameters, or zeros.
        m_W, ...: what the optimiser remembers.
        to_hidden, ...: memory for packed couplings, zero in the padding.
        ended: (R, N, V), filled with where chains end.
        seconds: (3,) float64; the time of each phase is added to it.
    """
    V, H = W.shape[1:]
    N, B = start_v.shape[1], v.shape[1]
    size = min(ROWS, (N + TARGETS - 1) // TARGETS * TARGETS)
    tiles = (N + size - 1) // size
    most = max(N, B)
    first, weights, counts = (
        np.empty((1, most), np.int32), np.empty((1, most), np.float32), np.empty(1, np.int32),
    )  # fmt: skip
    data = new_phase(V, H)
    negative = new_phase(V, H)
    scale, no_h = np.empty((1, N), np.float32), np.empty((1, N, 0), np.float32)
    for r in range(start, stop):
        one, since = slice(r, r + 1), now()
        fill_phase(v[one], weight[one], W[one], b[one], first, weights, counts, data)
        if kept_share != F32(1.0):
            data[0][:] *= kept_share
            data[1][:] *= kept_share
            data[2][:] *= kept_share
        after_data = now()
        scale[:] = pack_replica(
            W[one], a[one], b[one], to_hidden[one], hidden_bias[one], to_visible[one],
            visible_bias[one],
        )  # fmt: skip
        sweep_tiles(
            to_hidden[one], hidden_bias[one], to_visible[one], visible_bias[one], H, keys[one],
            scale, draw, k, SPINS, start_v[one], start_v[one], ended[one], no_h, size, 0, tiles,
        )  # fmt: skip
        fill_phase(ended[one], chain_weight[one], W[one], b[one], first, weights, counts, negative)
        after_negative = now()
        step_replica(W, data[0], negative[0], m_W, s_W, numbers[0], r)
        if biased:
            step_replica(a, data[1], negative[1], m_a, s_a, numbers[1], r)
            step_replica(b, data[2], negative[2], m_b, s_b, numbers[2], r)
        seconds[0] += after_data - since
        seconds[1] += after_negative - after_data
        seconds[2] += now() - after_negative


@njit
def new_phase(V, H):  # type: ignore[no-untyped-def]
    """Memory for the phase of a replica."""
    return (
        np.empty((1, V, H), np.float32), np.empty((1, V), np.float32),
        np.empty((1, H), np.float32),
    )  # fmt: skip


@njit(nogil=True)
def fill_phase(v, weight, W, b, first, weights, counts, phase):  # type: ignore[no-untyped-def]
    """The phase of one replica, :func:`ebmbench.numerics.updates.distinct_phase`."""
    pieces = (W.shape[2] + COLUMNS - 1) // COLUMNS
    d_W, d_a, d_b = phase
    find_distinct(v, weight, first, weights, counts, 0, 1)
    fill_distinct_phases(v, weight, W, b, first, weights, counts, d_W, d_a, d_b, 0, pieces)


@njit(nogil=True)
def pack_replica(W, a, b, to_hidden, hidden_bias, to_visible, visible_bias):  # type: ignore[no-untyped-def]
    """Pack one replica's couplings; what turns its fields into log2-odds."""
    V, H = W.shape[1:]
    on_visible, on_hidden = np.zeros((1, V)), np.zeros((1, H))
    largest, per_one = np.zeros(1, np.float64), np.empty(1, np.float64)
    fill_bounds(W, on_visible, on_hidden, largest)
    on_visible += np.abs(a)
    on_hidden += np.abs(b)
    fill_units_per_one(on_visible, on_hidden, largest, per_one, max(V, H) + 1.0)
    unit = per_one.astype(np.float32)
    packed = to_hidden, hidden_bias, to_visible, visible_bias
    pack_couplings(W, a, b, unit, *packed, 0, len(to_visible[0]))
    return np.float32(1.0 / per_one[0] * philox.TWO_LOG2_E)


@njit(nogil=True)
def step_replica(x, d, n, m, s, numbers, r):  # type: ignore[no-untyped-def]
    """Step one replica of ``x`` along that replica's phases."""
    at = slice(r * d.size, (r + 1) * d.size)
    take_step(
        x.reshape(-1)[at], d.reshape(-1), n.reshape(-1), m.reshape(-1)[at], s.reshape(-1)[at],
        numbers,
    )  # fmt: skip
