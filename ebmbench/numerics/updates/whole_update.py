"""Whole updates in one compiled call, for methods whose small updates are mostly what is around."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from ebmbench.numerics.noise import Noise
from ebmbench.numerics.particles import Particles
from ebmbench.numerics.updates.steps import Numbers

Moments = tuple[tuple[Tensor, Tensor], ...]
"""What an optimiser remembers of each parameter, see ``take_step``."""


class Step(NamedTuple):
    """How an update steps.

    Attributes:
        numbers: of this step, a row per parameter, for
            :func:`ebmbench.numerics.updates.steps.take_step`.
        kept_share: what the data phase is multiplied by, 1 where nothing is unlearned.
    """

    numbers: Numbers
    kept_share: float


class Done(NamedTuple):
    """An update that was made.

    Attributes:
        state: the sampler's, after it.
        seconds: spent in the data phase, the negative phase and the step, (3,) float64, all threads
            together: they say how the time of the call is shared out.
    """

    state: Any
    seconds: NDArray[np.float64]


class WholeUpdate(ABC):
    """Both phases and the step of all replicas, replica by replica, while its numbers are in cache.

    The parameters end as they do phase by phase, to the last bit.
    """

    @abstractmethod
    def fits(self, batch: Particles) -> bool:
        """Whether it can make an update of this batch; it does not ask how many replicas."""

    @abstractmethod
    def held(self, rows: int) -> float:
        """Bytes per replica that an update of so many rows holds, beside what outlives it."""

    @abstractmethod
    def make(self, batch: Particles, state: Any, noise: Noise, step: Step) -> Done:
        """Update the parameters, and the optimiser's moments, in place."""
