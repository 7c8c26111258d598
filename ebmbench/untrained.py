"""What stands in for the parts of a training that a suite without training may leave out."""

from __future__ import annotations

from typing import NoReturn

from ebmbench.batches import Batching
from ebmbench.model import Model
from ebmbench.noise import Noise
from ebmbench.optimizer import OptimizerOptions
from ebmbench.particles import Particles
from ebmbench.sampler import Sampler, State

NO_NEGATIVE = "it looks at the negative phase, and a method without a sampler has none"


class Untrained(Sampler):
    """No negative phase: the sampler of a model that is measured as it is made.

    Metrics that ask only for the kernel work with it; it has no particles to show.
    """

    name = "untrained"

    def particles(self, model: Model, batch: Particles, state: State, noise: Noise) -> NoReturn:
        raise RuntimeError("there is no negative phase to look at: the method has no sampler")


NO_STEP = OptimizerOptions(name="sgd", lr=1.0)  # never made
NO_BATCH = Batching(size=1)  # never drawn
