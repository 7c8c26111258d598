"""The Boltzmann machine with free couplings."""

from __future__ import annotations

import torch
from pydantic import Field
from torch import Tensor, nn

from ebmbench import Noise, Phase
from ebmbench_boltzmann.joint import Joint
from ebmbench_boltzmann.machine import Machine, Moments


class Boltzmann(Machine):
    """E(s) = -s'J s / 2 - c's with spins s = (v, h) and J free where the mask lets units couple.

    Ackley, Hinton and Sejnowski 1985. ``mask: full`` is theirs, ``bipartite`` the RBM (Smolensky
    1986), ``deep`` the deep Boltzmann machine (Salakhutdinov and Hinton 2009). Where hidden units
    couple to one another, <dF>_data sums them out as long as they are few, or takes the mean-field
    fixed point (``mean_field``, the latter paper), and chains are of v and h together.

    Parameters: ``J`` (R, P), the couplings of the P pairs, N(0, init_std^2) at the start; with
    ``bias``, ``c`` (R, U), zero at the start.
    """

    name = "boltzmann"
    cites = ("ackley1985", "smolensky1986", "salakhutdinov2009")

    class Options(Machine.Options):
        init_std: float = Field(
            0.01, ge=0, description="Standard deviation of the couplings at the start"
        )
        bias: bool = Field(False, description="Whether the units have biases c")

    def __init__(self, options: Options, visible: int, noise: Noise) -> None:
        super().__init__(options, visible, noise)
        self.pairs = self.wiring.pairs
        U, P = len(self.wiring.mask), len(self.pairs[0])
        self.J = nn.Parameter(options.init_std * noise.normal(1, P).squeeze(1))
        zero = torch.zeros(self.replicas, U, device=noise.device)
        self.c = nn.Parameter(zero) if options.bias else None

    def joint(self) -> Joint:
        """J as a symmetric matrix, (R, U, U), and c."""
        i, j = self.pairs
        U = len(self.wiring.mask)
        upper = self.J.new_zeros(self.replicas, U * U).index_copy(1, i * U + j, self.J)
        upper = upper.view(-1, U, U)
        return Joint(upper + upper.mT, self.c)

    def slopes(self, moments: Moments) -> Phase:
        """dE/dJ_ij = -s_i s_j for i < j, dE/dc = -s."""
        i, j = self.pairs
        couplings: Tensor = -moments.ss[:, i, j]
        return (couplings,) if self.c is None else (couplings, -moments.s)
