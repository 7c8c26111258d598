"""How near to the ground state a sampler comes."""

from __future__ import annotations

from typing import Literal, cast

import torch
from pydantic import Field
from torch import Tensor

from ebmbench import (
    Chains,
    GibbsKernel,
    Metric,
    Model,
    Noise,
    Particles,
    Splits,
    TwoLayer,
    View,
    cannot_sweep,
)
from ebmbench_exact.enumeration import ground_energy, not_enumerable
from ebmbench_exact.exact import shared_negative


class GibbsAccessibility(Metric):
    """E(v, h) / E_ground after k Gibbs steps from random v: 1 where they reach the ground state.

    The lowest (or the mean) energy of some chains that start at fair coins, over the lowest energy
    of all; (v, h) are the last draw of v and the h it was drawn from. NaN where the ground-state
    energy is 0 or the replica diverged.

    Source: Pozas-Kerstjens et al. 2021, fig. 2a. The published code takes the lowest of 10
    chains: ``reduce: lowest``.
    """

    name = "gibbs-accessibility"
    cites = ("pozaskerstjens2021",)
    parts = ("",)
    missing = "the ground-state energy is 0"
    better = "higher"
    range = (None, 1.0)

    class Options(Metric.Options):
        chains: int = Field(10, ge=1, le=100_000, description="Chains per replica")
        steps: int = Field(10, ge=1, le=100_000, description="Gibbs steps of each chain")
        reduce: Literal["lowest", "mean"] = Field(
            "lowest", description="Which energy of the chains to take; the published code: lowest"
        )

    def supports(self, model: Model, data: Splits, kernel: GibbsKernel | None) -> str | None:
        return not_enumerable(model) or cannot_sweep(kernel, model)

    def measure(self, view: View) -> dict[str, Tensor]:
        start = Chains(view.noise.coins(self.options.chains, view.model.visible))
        v, h = view.sweep(start, self.options.steps)
        assert h is not None  # a sweep gives both; here for the types
        energy = energy_of(view.model, v, h)
        chosen = energy.amin(dim=-1) if self.options.reduce == "lowest" else energy.mean(dim=-1)
        return {"": chosen / view.once(ground_energy)}  # 0 / 0 is NaN


class MethodAccessibility(Metric):
    """min E(v, h) / E_ground over the particles of the negative phase: 1 at the ground state.

    The configurations that the sampler's negative phase is taken over, as they stand; where they
    leave h open, one h is drawn from p(h | v). Nothing for a sampler without particles (exact).
    NaN where the ground-state energy is 0 or the replica diverged.

    Source: Pozas-Kerstjens et al. 2021, fig. 2b. Its code starts CD at all training images, 10
    times over, and takes the lowest energy of all; here the batch is the training set once.
    """

    name = "method-accessibility"
    cites = ("pozaskerstjens2021",)
    parts = ("",)
    missing = "the ground-state energy is 0"
    better = "higher"
    range = (None, 1.0)
    needs_negative = True

    def supports(self, model: Model, data: Splits, kernel: GibbsKernel | None) -> str | None:
        return not_enumerable(model)

    def measure(self, view: View) -> dict[str, Tensor]:
        particles = shared_negative(view).particles
        if particles is None:
            return {}
        h = hidden_of(view.model, particles, view.noise)
        lowest = energy_of(view.model, particles.v, h).amin(dim=-1)
        return {"": lowest / view.once(ground_energy)}  # 0 / 0 is NaN


def hidden_of(model: Model, particles: Particles, noise: Noise) -> Tensor:
    """The particles' h, or one drawn from p(h | v), (R, N, H)."""
    if particles.h is not None:
        return particles.h
    with torch.no_grad():
        return noise.spins(cast(TwoLayer, model).hidden_field(particles.v))


def energy_of(model: Model, v: Tensor, h: Tensor) -> Tensor:
    """E(v, h), (R, N) float64, apart from autograd."""
    with torch.no_grad():
        return model.energy(v, h).double()
