"""A sampler at work on a small model, of which all states are known.

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
from ebmbench.checks.model_cases import ModelCase
from ebmbench.checks.oracle.enumeration import (
    Array,
    flat,
    p_visible,
    phases_of_states,
    visible_states,
)
from ebmbench.interfaces.dataset import Splits
from ebmbench.interfaces.model import Model
from ebmbench.interfaces.sampler import NegativePhase, Sampler
from ebmbench.numerics.noise import Noise
from ebmbench.numerics.particles import Particles

REPLICAS = 31
ROWS = 23
BURN, KEPT = 25, 25  # updates before, and averaged over
SIGMAS = 6.0  # of the spread over replicas; seeds are fixed, so it does not flicker
ROUNDING = 2e-4


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
            drawn from this one.
    """

    example: Example
    case: ModelCase
    seed: int = 0
    foreign: bool = False

    @cached_property
    def model(self) -> Model:
        """A replica for each estimate."""
        return self.case.model([self.seed] * REPLICAS)

    @cached_property
    def p(self) -> Array:
        """p(v), (S,)."""
        return p_visible(self.case.model([self.seed]))

    @cached_property
    def p_data(self) -> Array:
        """What rows of data are drawn from, (S,)."""
        if not self.foreign:
            return self.p
        down = np.exp(-0.5 * visible_states(self.model).sum(axis=1))
        p: Array = down / down.sum()
        return p

    @cached_property
    def phases(self) -> Array:
        """dF of each state, (S, all parameters)."""
        return phases_of_states(self.case.model([self.seed] * len(self.p)))

    @property
    def exact(self) -> Array:
        """<dF>_model by enumeration, (all parameters,)."""
        phase: Array = self.p @ self.phases
        return phase

    def batches(self) -> Iterator[Particles]:
        """Fresh rows for every update, (R, ROWS, V)."""
        rng, every = np.random.default_rng(0), visible_states(self.model)
        while True:
            index = rng.choice(len(every), (REPLICAS, ROWS), p=self.p_data)
            yield Particles(torch.from_numpy(every[index]).float())

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

    def _sampler(self) -> Sampler:
        sampler: Sampler = self.example.build(self.case.kernel)
        return sampler
