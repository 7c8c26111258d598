"""A negative phase from another library's chains, so that it competes with ours."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np
import torch
from pydantic import Field
from torch import Tensor

from ebmbench.interfaces.cost import Cost, product_cost
from ebmbench.interfaces.dataset import Splits
from ebmbench.interfaces.kernel import forming_cost
from ebmbench.interfaces.library_chains.single_replica import (
    Floats,
    SingleReplica,
    seeds_of,
    single_replicas,
)
from ebmbench.interfaces.model import Model, not_two_layers
from ebmbench.interfaces.sampler import Sampler
from ebmbench.numerics.noise import Noise
from ebmbench.numerics.particles import Particles
from ebmbench.numerics.two_layer import TwoLayer


class LibraryChains(Sampler, ABC):
    """Interface: <dF>_model over block-Gibbs chains that another library runs.

    Only ``swept`` must be given: k steps of one model's chains. At each update the library gets
    this update's parameters and a seed from the noise, so the same seed gives the same training.
    Chains start at the batch, as in CD-k, or with ``chains`` once at random, as in PCD-k. The last
    hidden units are summed out, as our CD and PCD do. It computes on the CPU.
    """

    known_failures: ClassVar[dict[str, str]] = {
        "cost": "random numbers are drawn by the library, not from the noise"
    }

    class Options(Sampler.Options):
        k: int = Field(1, ge=1, description="Gibbs steps per update")
        chains: int | None = Field(
            None, ge=1, description="Persistent chains, as in PCD; null starts at the batch, as CD"
        )

    @abstractmethod
    def swept(self, model: SingleReplica, v: Floats, seed: int) -> Floats:
        """The chains (N, V) of one replica after k steps from the spins ``v`` (N, V).

        Args:
            model: this replica's parameters.
            v: where the chains stand, float64.
            seed: in [0, 2^63), for the library's own generator.
        """

    def supports(self, model: Model, data: Splits) -> str | None:
        return not_two_layers(model)

    def start(self, model: Model, data: Splits, noise: Noise) -> Tensor | None:
        chains = self.options.chains
        return None if chains is None else noise.coins(chains, model.visible)

    def particles(
        self, model: Model, batch: Particles, state: Tensor | None, noise: Noise
    ) -> tuple[Particles, Tensor | None]:
        if state is None:
            return Particles(self._swept(model, batch.v, noise), None, batch.log_weight), None
        v = self._swept(model, state, noise)
        return Particles(v), v

    def cost(self, model: Model, batch: int) -> Cost:
        """Two products and a random number per unit and step, the phase, and W of patterns."""
        assert isinstance(model, TwoLayer)  # checked by supports(); here for the types
        N, V, H = self.options.chains or batch, model.visible, model.hidden
        draws = Cost(randoms=N * (V + H), bytes=4 * N * (V + H))
        step = product_cost(N, V, H) + product_cost(N, H, V) + draws
        k: int = self.options.k
        return forming_cost(model) + k * step + model.phase_cost(N)

    def _swept(self, model: Model, v: Tensor, noise: Noise) -> Tensor:
        """The chains of all replicas, (R, N, V) -> (R, N, V)."""
        replicas = zip(
            single_replicas(model), v.double().cpu().numpy(), seeds_of(noise), strict=True
        )
        # A loop over replicas, here alone: the libraries know one model at a time.
        chains = np.stack([self.swept(*replica) for replica in replicas])
        return torch.from_numpy(chains).to(v)
