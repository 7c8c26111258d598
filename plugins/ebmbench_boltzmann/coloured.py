"""Gibbs sweeps by coloured blocks of units that do not couple among themselves."""

from __future__ import annotations

from typing import Protocol, cast, runtime_checkable

import torch
from torch import Tensor

from ebmbench import Chains, Cost, GibbsKernel, Model, Noise
from ebmbench_boltzmann.colours import JointFixedPoint, swept
from ebmbench_boltzmann.joint import Joint
from ebmbench_boltzmann.wiring import Wiring


@runtime_checkable
class Coloured(Protocol):
    """What sweeps by blocks ask of a model: spins in blocks that can each be drawn together.

    Attributes:
        hidden: H, the number of hidden units.
        wiring: which units couple, and the blocks.
        clamped: sweeps of the hidden units alone, where chains start at some v.
    """

    hidden: int
    wiring: Wiring
    clamped: int

    def joint(self) -> Joint:
        """The couplings and biases of all units."""


class ColouredKernel(GibbsKernel):
    """s_block ~ sigmoid(2 beta (s J + c)), block after block, k times over.

    Geman and Geman 1984; blocks are the colours of the coupling graph. A sweep draws hidden units
    before visible ones: odd layers, then even ones; or one unit after another where all couple.
    With two layers it is v -> h -> v of any other kernel, and the same spins where neither layer
    has few units (:data:`ebmbench.numerics.philox.FEW`). Fields are exact sums of integers (see
    :class:`ebmbench.numerics.FixedPoint`), and a sweep is a draw of the noise per block.
    """

    name = "coloured"
    cites = ("geman1984",)
    remembers = True

    def supports(self, model: Model, device: torch.device) -> str | None:
        if not isinstance(model, Coloured):
            return f"the model '{model.name}' does not say which of its units can be drawn together"
        return None

    @torch.no_grad()
    def sweep(
        self, model: Model, chains: Chains, k: int, beta: float | Tensor, noise: Noise
    ) -> Chains:
        machine = cast(Coloured, model)
        fixed_point = JointFixedPoint.of(machine.joint())
        if chains.h is None:
            s = drawn_given(chains.v.detach(), machine, fixed_point, beta, noise)
        else:
            s = torch.cat([chains.v.detach(), chains.h.detach()], -1)
        s = swept(s, fixed_point, machine.wiring.blocks, k, beta, noise)
        return Chains(s[..., : model.visible], s[..., model.visible :])

    def sweep_cost(self, model: Model, chains: int, k: int) -> Cost:
        """A multiply-add per chain and pair of units, a random number per unit.

        Pairs that do not couple are multiplied too. Chains and couplings are held in float64, the
        latter as a whole, in blocks, and on the way to fixed point.
        """
        machine = cast(Coloured, model)
        U = model.visible + machine.hidden
        step = Cost(
            macs=float(chains * U * U),
            randoms=chains * U,
            bytes=8.0 * (3 * chains * U + U * U),
            held=8.0 * (3 * chains * U + 3 * U * U),
        )
        return k * step


def drawn_given(
    v: Tensor, machine: Coloured, fixed_point: JointFixedPoint, beta: float | Tensor, noise: Noise
) -> Tensor:
    """(v, h) with h about ~ p(h | v): clamped sweeps from h = 0, (R, N, V) -> (R, N, U).

    Where the hidden units are a single block, a sweep draws them from v first: left at h = 0.
    """
    s = torch.nn.functional.pad(v, (0, machine.hidden))
    blocks = machine.wiring.hidden_blocks
    return swept(s, fixed_point, blocks, machine.clamped, beta, noise) if len(blocks) > 1 else s
