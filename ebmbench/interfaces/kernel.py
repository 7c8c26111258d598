"""The kernels family: block-Gibbs sweeps, on some device."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from ebmbench.interfaces.component import Component
from ebmbench.interfaces.cost import Cost, product_cost
from ebmbench.interfaces.model import Model
from ebmbench.numerics.noise import Noise
from ebmbench.numerics.particles import Chains
from ebmbench.numerics.two_layer import Factored, TwoLayer
from ebmbench.numerics.updates.whole_update import Moments, WholeUpdate


class GibbsKernel(Component, ABC):
    """Interface: draws h given v and v given h, k times over, for all replicas and chains.

    All kernels of two layers of spins give the same spins, bit for bit, from the same couplings and
    the same ``noise``: the fields are those of :func:`ebmbench.numerics.fields_of_sweeps`, exact
    sums or sums in one order, a sweep is 2k draws of the noise, h and v in turn, and a draw is that
    of :func:`ebmbench.numerics.philox.is_up`. Where a unit of v is neither a spin nor 0 (erased) at
    the start, the first field is a float64 sum, and the same spins are promised on one kind of
    device only.
    """

    priority: ClassVar[int] = 0  # of those that fit, ``kernel: auto`` takes the highest
    remembers: ClassVar[bool] = False  # whether a chain is (v, h), not v alone
    # Whether a sweep that starts from spins, while ``noise.is_recorded``, asks nothing of the CPU.
    replayable: ClassVar[bool] = False

    def usable(self, device: torch.device) -> str | None:
        """Why this kernel cannot run on ``device`` at all, whatever the model; None if it can."""
        return None

    @abstractmethod
    def supports(self, model: Model, device: torch.device) -> str | None:
        """Why this kernel cannot sweep ``model`` on ``device``; None if it can."""

    @abstractmethod
    def sweep(
        self, model: Model, chains: Chains, k: int, beta: float | Tensor, noise: Noise
    ) -> Chains:
        """k block-Gibbs steps v -> h -> v of ``chains``.

        Args:
            model: a model that this kernel supports.
            chains: where they stand; a unit of ``chains.v`` may be 0 (erased) or any real number.
                Only a kernel that ``remembers`` looks at ``chains.h``: hidden units that couple to
                one another do not follow from v, and only chains that go on from both leave p
                unchanged. Where it is None they are drawn given v.
            k: steps, at least 1.
            beta: inverse temperature; or one per chain, (R, N) float64 on the chains' device. A
                chain's spins are those that a number equal to its own would give it.
            noise: the R streams to draw from.

        Returns:
            v after k steps, and the h that it was drawn from.
        """

    def run_chains(
        self, model: Model, chains: Chains, k: int, beta: float | Tensor, noise: Noise
    ) -> Chains:
        """As ``sweep``, but with h only where the kernel ``remembers`` it, or else None.

        For whoever sums the hidden units out; a kernel that saves something by it overrides this.
        """
        ended = self.sweep(model, chains, k, beta, noise)
        return ended if self.remembers else Chains(ended.v)

    def whole_update(
        self, model: Model, k: int, chains: int | None, moments: Moments
    ) -> WholeUpdate | None:
        """Whole updates of CD-k or, from so many ``chains`` that go on, PCD-k; None if none are.

        Both phases sum the last hidden units out. See ``Sampler.whole_update``.
        """
        return None

    def sweep_cost(self, model: Model, chains: int, k: int) -> Cost:
        """What ``k`` steps of ``chains`` chains cost one replica, on whatever machine.

        Per step two fields, a random number and two passes of memory per unit, and the couplings.
        A model that is made of patterns says with its ``field_macs`` whether fields are found by
        factors, in fewer than V H multiply-adds; if not, W = xi_v' xi_h is formed once per sweep,
        in K V H.
        """
        assert isinstance(model, TwoLayer)  # checked by supports(); here for the types
        V, H = model.visible, model.hidden
        forms = isinstance(model, Factored) and model.field_macs >= V * H
        couplings = V * H if forms else model.parameters_per_replica()
        units = chains * (V + H)
        step = Cost(
            macs=2 * chains * model.field_macs,
            randoms=units,
            bytes=4 * (4 * units + 2 * couplings),
        )
        return (forming_cost(model) if forms else Cost()) + k * step


@dataclass(frozen=True)
class Sweeper:
    """Gibbs sweeps, for samplers and metrics, with the kernel that was chosen for a model.

    Attributes:
        kernel: sweeps the model; None where no installed kernel can.
    """

    kernel: GibbsKernel | None

    def cannot_sweep(self, model: Model) -> str | None:
        """Why no Gibbs sweep of ``model`` is possible; None if one is. For ``supports``."""
        return cannot_sweep(self.kernel, model)

    def sweep(
        self, model: Model, chains: Chains, k: int, beta: float | Tensor, noise: Noise
    ) -> Chains:
        """k block-Gibbs steps of ``chains``: v, and the h that it was drawn from."""
        return self._of(model).sweep(model, chains, k, beta, noise)

    def run_chains(
        self, model: Model, chains: Chains, k: int, beta: float | Tensor, noise: Noise
    ) -> Chains:
        """k block-Gibbs steps of chains whose hidden units will be summed out where they can be.

        h is None then. Where hidden units couple to one another they cannot: the kernel's chains
        are (v, h), and h belongs to the particles and to the state.
        """
        return self._of(model).run_chains(model, chains, k, beta, noise)

    def whole_update(
        self, model: Model, k: int, chains: int | None, moments: Moments
    ) -> WholeUpdate | None:
        """Whole updates from k block-Gibbs steps; None if the kernel has none for this model."""
        return self._of(model).whole_update(model, k, chains, moments)

    @property
    def replayable(self) -> bool:
        """Whether sweeps can be recorded and replayed. For a sampler's ``replayable``."""
        return self.kernel is not None and self.kernel.replayable

    def sweep_cost(self, model: Model, chains: int, k: int) -> Cost:
        """What k block-Gibbs steps of ``chains`` chains cost one replica."""
        return Cost() if self.kernel is None else self.kernel.sweep_cost(model, chains, k)

    def phase_cost(self, model: Model, chains: int) -> Cost:
        """What the phase over ``chains`` chains costs, with their hidden units if remembered."""
        remembers = self.kernel is not None and self.kernel.remembers
        return model.joint_phase_cost(chains) if remembers else model.phase_cost(chains)

    def _of(self, model: Model) -> GibbsKernel:
        if self.kernel is None:
            raise RuntimeError(cannot_sweep(None, model))
        return self.kernel


def forming_cost(model: Model) -> Cost:
    """The product W = scale xi_v' xi_h, where a model is made of patterns."""
    if not isinstance(model, Factored):
        return Cost()
    xi_v, xi_h, _ = model.factors()
    return product_cost(model.visible, xi_v.shape[1], xi_h.shape[2])


def cannot_sweep(kernel: GibbsKernel | None, model: Model) -> str | None:
    """Why no Gibbs sweep of ``model`` is possible with the kernel that was found for it."""
    if kernel is not None:
        return None
    if isinstance(model, TwoLayer):
        return "no kernel is installed that does Gibbs sweeps on this device"
    return f"none of the kernels that may be used here sweeps the model '{model.name}'"
