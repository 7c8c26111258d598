"""A RAPID update in one compiled call: both phases and the step, replica by replica.

An update of a small model is thin products over a handful of rows, and what surrounds them was nine
tenths of its time. The numbers are those of :mod:`ebmbench_rapid.thin_phase` and of the optimiser.
"""

from __future__ import annotations

from functools import partial
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ebmbench import Noise, Particles
from ebmbench.numerics import (
    Done,
    Moments,
    Step,
    WholeUpdate,
    cut,
    in_parallel,
    kept,
    njit,
    now,
    take_step,
    thread_count,
)
from ebmbench_rapid.ra_rbm import RARBM
from ebmbench_rapid.thin_phase import FEW, WORK, fill_phases, fits

F32 = np.float32
OWN_PHASE = RARBM.phase


class RapidUpdate(WholeUpdate):
    """<dF>_data less <dF> over the patterns' signs, hidden units summed out, and the step.

    Attributes:
        learned: the patterns and what the optimiser remembers of them, in the memory where they
            stay, and the scale.
    """

    def __init__(self, model: RARBM, moments: Moments) -> None:
        self.xi_v = model.xi_v
        patterns = (model.xi_v.detach(), model.xi_h.detach())
        arrays = [each.numpy() for each in (*patterns, *chain.from_iterable(moments))]
        self.learned = *arrays, F32(model.scale)
        (self.R, _, V), (_, self.K, H) = (each.shape for each in patterns)
        self.units = V + H
        self.mean = np.zeros((0, 0), F32)  # the weights of the last batch without any

    @staticmethod
    def takes(model: object) -> bool:
        """Whether a model's patterns are few enough to be the particles of a thin phase."""
        if type(model) is not RARBM or RARBM.phase is not OWN_PHASE:  # another's may differ
            return False
        return model.xi_v.shape[1] <= FEW

    def fits(self, batch: Particles) -> bool:
        return fits(batch, self.xi_v)

    def held(self, rows: int) -> float:
        return 0.0  # a replica's phases are as small as its patterns, and the next uses them again

    def make(self, batch: Particles, state: Any, noise: Noise, step: Step) -> Done:
        v = batch.v.numpy()
        if not v.flags.c_contiguous:  # asking numpy to see to it takes longer
            v = np.ascontiguousarray(v)
        weight, kept_share = self._weights(batch), F32(step.kept_share)
        arrays = (v, weight, *self.learned, step.numbers, kept_share)
        macs = 3 * (v.shape[1] + self.K) * self.R * self.K * self.units
        pieces = min(thread_count(), 1 + macs // WORK)
        if pieces == 1:  # what is around a small update must not outweigh it
            seconds = np.zeros(3)
            update_replicas.compiled(*arrays, seconds, 0, self.R)
            return Done(state, seconds)
        parts, shares = cut(self.R, pieces), np.zeros((pieces, 3))
        in_parallel(
            [
                partial(update_replicas, *arrays, own, part.start, part.stop)
                for own, part in zip(shares, parts, strict=False)
            ]
        )
        return Done(state, shares.sum(0))

    def _weights(self, batch: Particles) -> NDArray[np.float32]:
        """The particles' weights, (R, N)."""
        if batch.log_weight is not None:
            return np.ascontiguousarray(batch.weights.numpy())
        if self.mean.shape != tuple(batch.v.shape[:2]):
            self.mean = batch.weights.numpy()
        return self.mean


@kept
@njit(nogil=True)
def update_replicas(  # type: ignore[no-untyped-def]
    v, weight, xi_v, xi_h, m_v, s_v, m_h, s_h, scale, numbers, kept_share, seconds, start, stop
):
    """Update the patterns of the replicas from ``start`` to ``stop`` in place.

    Args:
        v, weight: the batch, (R, N, V) and (R, N).
        m_v, s_v, m_h, s_h: what the optimiser remembers of either pattern; may be empty.
        seconds: (3,) float64; the time of each phase is added to it.
    """
    K = xi_v.shape[1]
    d_v, d_h, n_v, n_h, signs = (
        np.empty_like(xi_v[:1]), np.empty_like(xi_h[:1]), np.empty_like(xi_v[:1]),
        np.empty_like(xi_h[:1]), np.empty_like(xi_v[:1]),
    )  # fmt: skip
    share = np.full((1, K), F32(1) / F32(K), np.float32)
    for r in range(start, stop):
        one, since = slice(r, r + 1), now()
        fill_phases(v[one], weight[one], xi_v[one], xi_h[one], d_v, d_h, scale, 0, 1)
        if kept_share != F32(1.0):
            d_v *= kept_share
            d_h *= kept_share
        after_data = now()
        for k in range(K):
            for unit in range(xi_v.shape[2]):
                signs[0, k, unit] = F32(-1.0) if xi_v[r, k, unit] < F32(0.0) else F32(1.0)
        fill_phases(signs, share, xi_v[one], xi_h[one], n_v, n_h, scale, 0, 1)
        after_negative = now()
        step_replica(xi_v, d_v, n_v, m_v, s_v, numbers[0], r)
        step_replica(xi_h, d_h, n_h, m_h, s_h, numbers[1], r)
        seconds[0] += after_data - since
        seconds[1] += after_negative - after_data
        seconds[2] += now() - after_negative


@njit
def step_replica(x, d, n, m, s, numbers, r):  # type: ignore[no-untyped-def]
    """Step one replica of ``x`` along the phases of that replica, (1, K, units)."""
    size = d.size
    at = slice(r * size, (r + 1) * size)
    take_step(
        x.reshape(-1)[at], d.reshape(-1), n.reshape(-1), m.reshape(-1)[at], s.reshape(-1)[at],
        numbers,
    )  # fmt: skip
