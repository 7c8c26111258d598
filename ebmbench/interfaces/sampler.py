"""The samplers family: where the negative phase comes from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, NamedTuple

import torch
from torch import Tensor

from ebmbench.interfaces.component import Component
from ebmbench.interfaces.cost import Cost
from ebmbench.interfaces.dataset import Splits
from ebmbench.interfaces.kernel import GibbsKernel, Sweeper
from ebmbench.interfaces.model import Model
from ebmbench.numerics.noise import Noise
from ebmbench.numerics.particles import Particles
from ebmbench.numerics.phases import Phase
from ebmbench.numerics.updates.whole_update import Moments, WholeUpdate

State = Any
"""What a sampler's next update needs: an immutable tree of tensors, None if nothing."""

Restore = tuple[Phase, Tensor]
"""Parameters to go back to, and which replicas do, (R,) bool."""


class NegativePhase(NamedTuple):
    """<dF>_model as a sampler estimates it.

    Attributes:
        phase: one tensor per parameter.
        state: what the sampler's next update needs.
        particles: the configurations it was taken over; None if there are none to show.
        restore: where the update is rejected in some replicas: parameters to go back to, one tensor
            per parameter, and which replicas do, (R,) bool. There the update makes no step, what
            the optimiser remembers is forgotten, and its learning rate is halved, for good. None
            where all go on. A sampler that may reject is not ``replayable``.
    """

    phase: Phase
    state: State
    particles: Particles | None
    restore: Restore | None = None


def wrong_phase(found: Any, parameters: Sequence[Tensor]) -> str | None:
    """What is wrong with what a sampler returned, if anything is, in words."""
    if not isinstance(found, tuple) or len(found) != len(NegativePhase._fields):
        return f"negative_phase() returns a {type(found).__name__}, not a NegativePhase"
    wrong = _unlike(found[0], parameters, "phase")
    return wrong or _wrong_restore(found[3], parameters)


def _unlike(found: Any, parameters: Sequence[Tensor], what: str) -> str | None:
    """Why something is not one tensor per parameter, of its shape."""
    if not isinstance(found, tuple | list) or len(found) != len(parameters):
        return f"its {what} is no tuple of {len(parameters)} tensors, one per parameter"
    for part, parameter in zip(found, parameters, strict=True):
        if not isinstance(part, Tensor):
            return f"a part of its {what} is a {type(part).__name__}, not a tensor"
        if part.shape != parameter.shape or part.dtype != parameter.dtype:
            return (
                f"a part of its {what} is {tuple(part.shape)} of {part.dtype}, where the parameter "
                f"is {tuple(parameter.shape)} of {parameter.dtype}"
            )
    return None


def _wrong_restore(found: Any, parameters: Sequence[Tensor]) -> str | None:
    if found is None:
        return None
    if not isinstance(found, tuple | list) or len(found) != 2:
        return "its restore is no pair of parameters and a mask of replicas"
    mask, replicas = found[1], len(parameters[0])
    if not isinstance(mask, Tensor) or mask.dtype != torch.bool or mask.shape != (replicas,):
        return f"its restore has no mask of {replicas} replicas, a bool each"
    return _unlike(found[0], parameters, "restore")


class Sampler(Component):
    """Interface: supplies the negative phase. Only ``particles`` must be given.

    One that takes visible units as they come, by the model's kernel and phases alone, and starts
    chains by ``model.units.random``, says ``any_units = True``; others are given spins only.

    Args:
        options: the component's checked options.
        kernel: sweeps the model; None where no installed kernel can.

    Attributes:
        sweeper: does Gibbs sweeps with the kernel, for samplers that run chains.
    """

    any_units: ClassVar[bool] = False
    shows_particles: ClassVar[bool] = True  # whether negative phases have particles to show

    def __init__(self, options: Any, kernel: GibbsKernel | None) -> None:
        super().__init__(options)
        self.sweeper = Sweeper(kernel)

    @property
    def replayable(self) -> bool:
        """Whether the negative phase on a CUDA device can be recorded in a CUDA graph and replayed.

        Then it asks nothing of the CPU on the way (no ``item``, no ``numpy``), its state is a tree
        of tensors whose shapes stay, its chains start from spins, it rejects no update, and its
        kernel is replayable.
        Default: no; then updates are launched one by one.
        """
        return False

    def supports(self, model: Model, data: Splits) -> str | None:
        """Why this sampler cannot train ``model`` on ``data``; None if it can."""
        return None

    def start(self, model: Model, data: Splits, noise: Noise) -> State:
        """The state before the first update. Default: none."""
        return None

    def blank(self, model: Model, data: Splits, noise: Noise) -> State:
        """A state as large as that of ``start``, for planning. Default: that of ``start``.

        For samplers that have much to do before the first update.
        """
        return self.start(model, data, noise)

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

    def whole_update(self, model: Model, moments: Moments) -> WholeUpdate | None:
        """Whole updates of ``model`` in one compiled call, on the CPU; None if there are none.

        Default: none; then updates are made phase by phase.

        Args:
            model: trained by SGD or Adam.
            moments: what the optimiser remembers of each parameter.
        """
        return None

    def negative_phase(
        self, model: Model, batch: Particles, state: State, noise: Noise
    ) -> NegativePhase:
        """<dF>_model, by default the model's phase over this sampler's particles."""
        particles, state = self.particles(model, batch, state, noise)
        return NegativePhase(model.phase(particles), state, particles)

    @property
    def keeps_log_z(self) -> bool:
        """Whether ``log_z`` knows something, with these options. Default: where it is one's own."""
        return type(self).log_z is not Sampler.log_z

    def log_z(self, model: Model, state: State) -> tuple[Tensor, Tensor] | None:
        """log Z of ``model`` as the sampler has kept account of it, and its standard error.

        Both (R,) float64, in nats. Default: it knows nothing of it.

        Args:
            model: with the parameters of the moment, a step after those that ``state`` has seen.
        """
        return None

    def cost(self, model: Model, batch: int) -> Cost:
        """What one negative phase costs one replica, for a batch of ``batch`` rows.

        The default counts a phase over as many particles as the batch has rows.
        """
        return model.phase_cost(batch)
