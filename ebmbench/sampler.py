"""The samplers family: where the negative phase comes from."""

from __future__ import annotations

from typing import Any, NamedTuple

from torch import Tensor

from ebmbench.component import Component
from ebmbench.cost import Cost
from ebmbench.dataset import Splits
from ebmbench.kernel import GibbsKernel, cannot_sweep
from ebmbench.model import Model, Phase
from ebmbench.noise import Noise
from ebmbench.particles import Particles

State = Any
"""What a sampler's next update needs: an immutable tree of tensors, None if nothing."""


class NegativePhase(NamedTuple):
    """<dF>_model as a sampler estimates it.

    Attributes:
        phase: one tensor per parameter.
        state: what the sampler's next update needs.
        particles: the configurations it was taken over; None if there are none to show.
    """

    phase: Phase
    state: State
    particles: Particles | None


class Sampler(Component):
    """Interface: supplies the negative phase. Only ``particles`` must be given.

    Args:
        options: the component's checked options.
        kernel: sweeps the model; None where no installed kernel can.
    """

    def __init__(self, options: Any, kernel: GibbsKernel | None) -> None:
        super().__init__(options)
        self.kernel = kernel

    @property
    def replayable(self) -> bool:
        """Whether the negative phase on a CUDA device can be recorded in a CUDA graph and replayed.

        Then it asks nothing of the CPU on the way (no ``item``, no ``numpy``), its state is a tree
        of tensors whose shapes stay, its chains start from spins, and its kernel is replayable.
        Default: no; then updates are launched one by one.
        """
        return False

    def supports(self, model: Model, data: Splits) -> str | None:
        """Why this sampler cannot train ``model`` on ``data``; None if it can."""
        return None

    def start(self, model: Model, data: Splits, noise: Noise) -> State:
        """The state before the first update. Default: none."""
        return None

    def particles(
        self, model: Model, batch: Particles, state: State, noise: Noise
    ) -> tuple[Particles, State]:
        """The particles of one update's negative phase, and the state after it.

        Args:
            model: with this update's parameters.
            batch: this update's data.
            state: what ``start`` or the update before returned.
            noise: the R streams to draw from.
        """
        raise NotImplementedError(f"{self.name} gives its negative phase without particles")

    def negative_phase(
        self, model: Model, batch: Particles, state: State, noise: Noise
    ) -> NegativePhase:
        """<dF>_model, by default the model's phase over this sampler's particles."""
        particles, state = self.particles(model, batch, state, noise)
        return NegativePhase(model.phase(particles), state, particles)

    def cost(self, model: Model, batch: int) -> Cost:
        """What one negative phase costs one replica, for a batch of ``batch`` rows.

        The default counts a phase over as many particles as the batch has rows.
        """
        return model.phase_cost(batch)

    @property
    def sweeps_are_replayable(self) -> bool:
        """Whether the chosen kernel's sweeps can be recorded and replayed. For ``replayable``."""
        return self.kernel is not None and self.kernel.replayable

    def cannot_sweep(self, model: Model) -> str | None:
        """Why no Gibbs sweep of ``model`` is possible; None if one is. For ``supports``."""
        return cannot_sweep(self.kernel, model)

    def sweep_cost(self, model: Model, chains: int, k: int) -> Cost:
        """What k block-Gibbs steps of ``chains`` chains cost one replica."""
        return Cost() if self.kernel is None else self.kernel.sweep_cost(model, chains, k)

    def chains_phase_cost(self, model: Model, chains: int) -> Cost:
        """What the phase over ``chains`` chains costs, with their hidden units if remembered."""
        remembers = self.kernel is not None and self.kernel.remembers
        return model.joint_phase_cost(chains) if remembers else model.phase_cost(chains)

    def sweep(
        self,
        model: Model,
        v: Tensor,
        k: int,
        noise: Noise,
        beta: float = 1.0,
        h: Tensor | None = None,
    ) -> tuple[Tensor, Tensor]:
        """k block-Gibbs steps from ``v`` (R, N, V) with the chosen kernel; v and its h.

        ``h`` is where hidden units stand, for a kernel whose chains remember them.
        """
        if self.kernel is None:
            raise RuntimeError(cannot_sweep(None, model))
        return self.kernel.sweep(model, v, k, beta, noise, h)

    def run_chains(
        self, model: Model, v: Tensor, k: int, noise: Noise, h: Tensor | None = None
    ) -> tuple[Tensor, Tensor | None]:
        """k block-Gibbs steps of chains whose hidden units will be summed out where they can be.

        h is None then. Where hidden units couple to one another they cannot: the kernel's chains
        are (v, h), and h belongs to the particles and to the state.
        """
        if self.kernel is None:
            raise RuntimeError(cannot_sweep(None, model))
        return self.kernel.run_chains(model, v, k, 1.0, noise, h)
