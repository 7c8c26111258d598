"""The sampler of models that are measured as they are made."""

from __future__ import annotations

from typing import NoReturn

from ebmbench.interfaces.model import Model
from ebmbench.interfaces.sampler import Sampler, State
from ebmbench.numerics.noise import Noise
from ebmbench.numerics.particles import Particles

NO_NEGATIVE = "it looks at the negative phase, and a method without a sampler has none"


class Untrained(Sampler):
    """No negative phase: the sampler of a model that is measured as it is made.

    Metrics that ask only for the kernel work with it; it has no particles to show.
    """

    name = "untrained"
    any_units = True

    def particles(self, model: Model, batch: Particles, state: State, noise: Noise) -> NoReturn:
        raise RuntimeError("there is no negative phase to look at: the method has no sampler")
