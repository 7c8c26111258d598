"""The gradient that another library trains by, so that its training competes with ours."""

from __future__ import annotations

import operator
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import ClassVar, cast

import numpy as np
import torch
from torch import Tensor

from ebmbench.interfaces.dataset import Splits
from ebmbench.interfaces.library_chains.single_replica import (
    Floats,
    SingleReplica,
    seeds_of,
    single_replicas,
    to_zero_one,
)
from ebmbench.interfaces.model import Model, not_two_layers
from ebmbench.interfaces.sampler import NegativePhase, Sampler
from ebmbench.numerics.noise import Noise
from ebmbench.numerics.particles import Particles
from ebmbench.numerics.phases import phase_of_slopes
from ebmbench.numerics.two_layer import Couplings, TwoLayer


class LibraryGradient(Sampler, ABC):
    """Interface: a library's own gradient G in the place of <dF>_data - <dF>_model.

    Only ``gradient`` must be given. The negative phase is <dF>_data - G, so that an update goes
    along G, whatever the library makes it of; the optimiser, batches and metrics stay ours. At each
    update the library gets this update's parameters, the batch and a seed from the noise, so the
    same seed gives the same training. All rows count alike. It computes on the CPU.

    Attributes:
        zero_one: whether the library has units of 0 and 1. Then that is what it is given, and G,
            downhill in its parameters (see ``SingleReplica.zero_one``), is carried over to ours as
            a step: one of SGD is the library's own with the same learning rate. This asks for a
            model whose parameters are W, a and b.
    """

    zero_one: ClassVar[bool] = False
    shows_particles = False
    known_failures: ClassVar[dict[str, str]] = {
        "cost": "random numbers are drawn by the library, not from the noise"
    }

    @abstractmethod
    def gradient(
        self, model: SingleReplica, rows: Floats, state: Floats | None, seed: int
    ) -> tuple[SingleReplica, Floats | None]:
        """What one replica's update goes down along, and the state after it.

        Args:
            model: this replica's parameters.
            rows: the batch, (B, V).
            state: this replica's part of what ``start`` or the last update returned.
            seed: in [0, 2^63), for the library's own generator.
        """

    def supports(self, model: Model, data: Splits) -> str | None:
        if unfit := not_two_layers(model):
            return unfit
        if self.zero_one and not _is_made_of_biased_couplings(model):
            return (
                f"the parameters of the model '{model.name}' are not W, a and b themselves, which "
                "become those of units 0 and 1"
            )
        return None

    def negative_phase(
        self, model: Model, batch: Particles, state: Tensor | None, noise: Noise
    ) -> NegativePhase:
        # A loop over replicas: the libraries know one model at a time.
        found = [self._found(*replica) for replica in self._replicas(model, batch, state, noise)]
        gradients, after = zip(*found, strict=True)
        slopes = Couplings(*(_stacked(part, batch.v) for part in zip(*gradients, strict=True)))
        phases = zip(model.phase(batch), phase_of_slopes(model, slopes), strict=True)
        kept = None if after[0] is None else _stacked(after, batch.v)
        return NegativePhase(tuple(data - G for data, G in phases), kept, None)

    def _replicas(
        self, model: Model, batch: Particles, state: Tensor | None, noise: Noise
    ) -> Iterator[tuple[SingleReplica, Floats, Floats | None, int]]:
        rows = batch.v.double().cpu().numpy()
        states = [None] * len(rows) if state is None else state.double().cpu().numpy()
        return zip(single_replicas(model), rows, states, seeds_of(noise), strict=True)

    def _found(
        self, model: SingleReplica, rows: Floats, state: Floats | None, seed: int
    ) -> tuple[SingleReplica, Floats | None]:
        if not self.zero_one:
            return self.gradient(model, rows, state, seed)
        G, after = self.gradient(model.zero_one(), to_zero_one(rows), state, seed)
        return G.spins(), after


def _is_made_of_biased_couplings(model: Model) -> bool:
    """Whether the parameters are W, a and b."""
    parameters, couplings = tuple(model.parameters()), cast(TwoLayer, model).couplings()
    return len(parameters) == 3 and all(map(operator.is_, parameters, couplings))


def _stacked(replicas: Sequence[Floats], like: Tensor) -> Tensor:
    return torch.from_numpy(np.stack(replicas)).to(like)
