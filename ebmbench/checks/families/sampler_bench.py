"""A sampler at work on a small model, of which all states are known, or points of a quadrature.

All replicas are given the same parameters, so they are independent estimates of the same phase,
and their spread says how far off chance may lead.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import NamedTuple

import numpy as np
import torch

from ebmbench.checks.examples import Example
from ebmbench.checks.model_cases import ModelCase, V
from ebmbench.checks.oracle import quadrature
from ebmbench.checks.oracle.enumeration import (
    Array,
    flat,
    p_visible,
    phases_of,
    visible_states,
)
from ebmbench.interfaces.dataset import Splits
from ebmbench.interfaces.model import Model
from ebmbench.interfaces.sampler import NegativePhase, Sampler
from ebmbench.numerics.noise import Noise
from ebmbench.numerics.particles import Particles
from ebmbench.numerics.units.reals import REALS

REPLICAS = 31
ROWS = 23
BURN, KEPT = 25, 25  # updates before, and averaged over
SIGMAS = 6.0  # of the spread over replicas; seeds are fixed, so it does not flicker
ROUNDING = 2e-4
UNSEEN = 1e-7  # of the highest density: points of a grid below that make no difference


class Law(NamedTuple):
    """Where v may be, (S, V), and with which probability, (S,)."""

    v: Array
    p: Array


class Estimate(NamedTuple):
    """A phase as the replicas estimate it: mean and its standard error, (all parameters,)."""

    mean: Array
    error: Array

    @classmethod
    def of(cls, phases: Array) -> Estimate:
        """Of the replicas' own, (R, all parameters)."""
        error = phases.std(axis=0, ddof=1) / np.sqrt(len(phases))
        return cls(phases.mean(axis=0), np.maximum(error, ROUNDING / SIGMAS))

    def off_by(self, phase: Array) -> Array:
        """How many errors each number is away from a phase."""
        sigmas: Array = np.maximum(abs(self.mean - phase) - ROUNDING, 0) / self.error
        return sigmas

    def fits(self, phase: Array) -> bool:
        """Whether it may be the phase."""
        return bool(self.off_by(phase).max() < SIGMAS)


@dataclass(frozen=True)
class Bench:
    """A sampler, a model with the same parameters in all replicas, and data.

    Attributes:
        seed: of the parameters.
        foreign: whether the data are rows of another model, of all units mostly down, and not
            drawn from this one; of real numbers, those of this one moved down.
    """

    example: Example
    case: ModelCase
    seed: int = 0
    foreign: bool = False

    @cached_property
    def model(self) -> Model:
        """A replica for each estimate."""
        return self._model(REPLICAS)

    @cached_property
    def law(self) -> Law:
        """All states, or points of a grid, and p(v) of each."""
        model = self._model(1)
        if not self._is_real:
            return Law(visible_states(model), p_visible(model))
        grid = quadrature.grid_of(model)
        p = quadrature.laws(model, grid, 1.0)[0].p
        seen = p > UNSEEN * p.max()
        return Law(grid.points[seen], p[seen] / p[seen].sum())

    @property
    def p(self) -> Array:
        """p(v), (S,)."""
        return self.law.p

    @cached_property
    def p_data(self) -> Array:
        """What rows of data are drawn from, (S,)."""
        if not self.foreign:
            return self.p
        down = np.exp(-0.5 * self.law.v.sum(axis=1))
        weight = down * self.p if self._is_real else down
        share: Array = weight / weight.sum()
        return share

    @cached_property
    def phases(self) -> Array:
        """dF of each state, (S, all parameters)."""
        return phases_of(self._model(len(self.p)), self.law.v)

    @property
    def exact(self) -> Array:
        """<dF>_model by enumeration, (all parameters,)."""
        phase: Array = self.p @ self.phases
        return phase

    @property
    def how(self) -> str:
        """What the exact phase is found by."""
        return "quadrature" if self._is_real else "enumeration"

    def batches(self) -> Iterator[Particles]:
        """Fresh rows for every update, (R, ROWS, V)."""
        rng = np.random.default_rng(0)
        while True:
            index = rng.choice(len(self.p), (REPLICAS, ROWS), p=self.p_data)
            yield Particles(torch.from_numpy(self.law.v[index]).float())

    def updates(self) -> Iterator[tuple[Particles, object, NegativePhase]]:
        """Batch, the state before, and the negative phase, update after update."""
        rows, sampler = self.batches(), self._sampler()
        train, test = next(rows).v, next(rows).v
        visible, units = self.model.visible, self.model.units
        data = Splits(train, test, (1, visible), torch.zeros(visible) > 0, units=units)
        state = sampler.start(self.model, data, Noise(range(REPLICAS), "start"))
        noise = Noise(range(REPLICAS), "negative")
        for batch in rows:
            found = sampler.negative_phase(self.model, batch, state, noise)
            yield batch, state, found
            state = found.state

    def estimate(self) -> Estimate:
        """The negative phase, over updates after those that burn in, and over replicas."""
        kept = islice(self.updates(), BURN, BURN + KEPT)
        total = sum((flat(found.phase) for _, _, found in kept), start=np.zeros(1))
        return Estimate.of(total / KEPT)

    @property
    def _is_real(self) -> bool:
        return self.case.units == REALS

    def _model(self, replicas: int) -> Model:
        return self.case.model([self.seed] * replicas, quadrature.V if self._is_real else V)

    def _sampler(self) -> Sampler:
        sampler: Sampler = self.example.build(self.case.kernel)
        return sampler
