"""The kernels family: block-Gibbs sweeps, on some device."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar, NamedTuple, Protocol, runtime_checkable

import torch
from torch import Tensor

from ebmbench.component import Component
from ebmbench.cost import Cost
from ebmbench.model import Model
from ebmbench.noise import Noise


class Couplings(NamedTuple):
    """The numbers of a two-layer model: E(v, h) = -v'W h - a'v - b'h.

    Attributes:
        W: weights, (R, V, H).
        a: visible bias, (R, V); None where the model has none.
        b: hidden bias, (R, H); None where the model has none.
    """

    W: Tensor
    a: Tensor | None
    b: Tensor | None


@runtime_checkable
class TwoLayer(Protocol):
    """What block-Gibbs sampling asks of a model: two layers of spins that only couple across.

    Attributes:
        hidden: H, the number of hidden units.
        field_macs: multiply-adds to find the fields on one layer, per configuration.
    """

    hidden: int
    field_macs: int

    def hidden_field(self, v: Tensor) -> Tensor:
        """x = v W + b, (R, N, V) -> (R, N, H)."""

    def visible_field(self, h: Tensor) -> Tensor:
        """h W' + a, (R, N, H) -> (R, N, V)."""

    def couplings(self) -> Couplings:
        """W, a and b; W may have to be formed for this."""


class Factors(NamedTuple):
    """A model whose weights are W = scale xi_v' xi_h, without biases.

    Attributes:
        xi_v: (R, K, V).
        xi_h: (R, K, H).
        scale: a number, the same for all replicas.
    """

    xi_v: Tensor
    xi_h: Tensor
    scale: float


@runtime_checkable
class Factored(Protocol):
    """A two-layer model made of patterns: a kernel may find its fields without forming W."""

    def factors(self) -> Factors:
        """The patterns, and what their product is multiplied by."""


class GibbsKernel(Component, ABC):
    """Interface: draws h given v and v given h, k times over, for all replicas and chains.

    All kernels of two layers of spins give the same spins, bit for bit, from the same couplings and
    the same ``noise``:
    the fields are the exact sums of :class:`ebmbench.Lattice`, a sweep is 2k draws of the noise,
    h and v in turn, and a draw is :func:`ebmbench.philox.is_up`. Where ``v`` is no spins at the
    start (nor 0, for an erased unit), the first field is a float64 sum, and the same spins are
    promised on one kind of device only.
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
        self,
        model: Model,
        v: Tensor,
        k: int,
        beta: float,
        noise: Noise,
        h: Tensor | None = None,
    ) -> tuple[Tensor, Tensor]:
        """k block-Gibbs steps v -> h -> v from ``v``.

        Args:
            model: a model that this kernel supports.
            v: (R, N, V), where the chains stand; a unit may be 0 (erased) or any real number.
            k: steps, at least 1.
            beta: inverse temperature.
            noise: the R streams to draw from.
            h: (R, N, H), where the chains' hidden units stand, for a kernel that ``remembers``
                them: hidden units that couple to one another do not follow from v, and only
                chains that go on from both leave p unchanged. None draws them given v. A kernel
                that does not remember draws h from v first and leaves this alone.

        Returns:
            ``v`` (R, N, V) after k steps and the ``h`` (R, N, H) that it was drawn from.
        """

    def run_chains(
        self,
        model: Model,
        v: Tensor,
        k: int,
        beta: float,
        noise: Noise,
        h: Tensor | None = None,
    ) -> tuple[Tensor, Tensor | None]:
        """The same as ``sweep``, but with h only where the kernel ``remembers`` it.

        For whoever sums the hidden units out; a kernel that saves something by it overrides this.
        """
        v, drawn = self.sweep(model, v, k, beta, noise, h)
        return v, drawn if self.remembers else None

    def sweep_cost(self, model: Model, chains: int, k: int) -> Cost:
        """What ``k`` steps of ``chains`` chains cost one replica.

        Two fields, a random number and two passes of memory per unit, and the parameters.
        """
        assert isinstance(model, TwoLayer)  # checked by supports(); here for the types
        units = chains * (model.visible + model.hidden)
        step = Cost(
            macs=2 * chains * model.field_macs,
            randoms=units,
            bytes=4 * (4 * units + 2 * model.parameters_per_replica()),
        )
        return k * step


def cannot_sweep(kernel: GibbsKernel | None, model: Model) -> str | None:
    """Why no Gibbs sweep of ``model`` is possible with the kernel that was found for it."""
    if kernel is not None:
        return None
    if isinstance(model, TwoLayer):
        return "no kernel is installed that does Gibbs sweeps on this device"
    return f"none of the kernels that may be used here sweeps the model '{model.name}'"
