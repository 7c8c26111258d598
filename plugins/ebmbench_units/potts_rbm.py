"""The restricted Boltzmann machine of Potts visible units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import torch
from pydantic import Field
from torch import Tensor, nn

from ebmbench import Model, Moment, Noise, Particles, Phase
from ebmbench.numerics import OneHot, phase_in_parts
from ebmbench_units.hidden_spins import HiddenSpins, mean_of_hidden, per_row


class PottsRBM(HiddenSpins):
    """E(v, h) = -v'W h - a'v - b'h with sites of q states, v a column for each, and spins h.

    v_ic is 1 where site i is in state c, else 0: of a site's q columns exactly one is 1. These 0
    and 1 are no bits that stand for spins; the hidden units are spins, +1 or -1. So
    p(v_i = c | h) = softmax_c(a_ic + sum_j W_icj h_j) and F(v) = -a'v - sum_j log 2cosh(x_j) with
    x = v W + b. Of protein and RNA families, as in Tubiana, Cocco and Monasson 2019 and Decelle,
    Furtlehner and Seoane 2021 (their hidden units are 0/1 or of other kinds).

    Adding the same to all states of a site changes nothing but b and an energy that all states
    have. After each update the numbers are brought to where each site's sum to zero, of W and a
    alike, and b takes up what W loses: p stays as it is.

    Parameters: ``W`` (R, V, H), N(0, init_std^2) at the start; ``a`` (R, V), the logarithms of the
    states' frequencies in the data, or zero; ``b`` (R, H), zero.
    """

    name = "potts-rbm"
    cites = ("tubiana2019", "decelle2021")

    class Options(Model.Options):
        hidden: int = Field(ge=1, le=100_000, description="H, the number of hidden units")
        states: int = Field(
            ge=2,
            le=1000,
            description="q, states of a site: 21 of a protein with gaps, 5 of DNA or RNA",
        )
        init_std: float = Field(
            0.01, ge=0, description="Standard deviation of the weights at the start"
        )
        bias_start: Literal["data", "zero"] = Field(
            "data", description="What a is at first: log frequencies in the training data, or zero"
        )
        pseudocount: float = Field(
            1.0,
            gt=0,
            le=1e9,
            description="Rows that are added to the data's counts, shared evenly by all states",
        )

    def __init__(self, options: Options, visible: int, noise: Noise) -> None:
        super().__init__(options, visible, noise)
        self.hidden, self.q = options.hidden, options.states
        self.W = nn.Parameter(options.init_std * noise.normal(visible, self.hidden))
        self.a = nn.Parameter(torch.zeros(self.replicas, visible, device=noise.device))
        self.b = nn.Parameter(torch.zeros(self.replicas, self.hidden, device=noise.device))
        self._fix_gauge()

    @classmethod
    def examples(cls, folder: Path) -> Sequence[Mapping[str, Any]]:
        """Few states, so that all rows can be enumerated."""
        return [{"hidden": 2, "states": 3}]

    @classmethod
    def units_of(cls, options: Any) -> OneHot:
        return OneHot(options.states)

    @torch.no_grad()
    def start_from(self, train: Tensor) -> None:
        """a = log f, f the frequencies of states with a pseudocount, less each site's mean."""
        if self.options.bias_start == "data":
            extra = self.options.pseudocount
            counts = train.sum(1).double()  # whole numbers, exact in float32 too
            f = (counts + extra / self.q) / (train.shape[1] + extra)
            self.a.copy_(torch.log1p(f - 1))  # the last bit of log depends on where it stands
            self._fix_gauge()

    def project(self, when: Moment, noise: Noise) -> None:
        """Each site's numbers sum to zero after every update."""
        self._fix_gauge()

    def hidden_field(self, v: Tensor) -> Tensor:
        """x = v W + b, (R, N, V) -> (R, N, H)."""
        return v @ self.W + self.b.unsqueeze(1)

    def visible_energy(self, v: Tensor) -> Tensor:
        """-a'v, (R, N, V) -> (R, N)."""
        return -(v * self.a.unsqueeze(1)).sum(-1)

    def draw_visible(self, h: Tensor, beta: float | Tensor, noise: Noise) -> Tensor:
        """Each site by its softmax, (R, N, H) -> (R, N, V)."""
        return OneHot(self.q).drawn(per_row(beta, h) * (h @ self.W.mT + self.a.unsqueeze(1)), noise)

    def log_sum_of_visible(self, h: Tensor) -> Tensor:
        """b'h + sum_i log sum_c exp(a_ic + sum_j W_icj h_j), (R, S, H) -> (R, S)."""
        logits = h @ self.W.double().mT + self.a.double().unsqueeze(1)
        of_sites = logits.view(*logits.shape[:2], -1, self.q).logsumexp(-1)
        return of_sites.sum(-1) + (h * self.b.double().unsqueeze(1)).sum(-1)

    def phase(self, particles: Particles) -> Phase:
        """dF/dW = -v t', dF/da = -v, dF/db = -t with t = tanh(x), or t = h where h is given."""
        return phase_in_parts(particles, self.hidden, self._phase_of_part)

    def _phase_of_part(self, particles: Particles) -> Phase:
        t = mean_of_hidden(self.hidden_field(particles.v), particles)
        minus_v = -particles.weighted(particles.v)
        return minus_v.mT @ t, minus_v.sum(1), -particles.weighted(t).sum(1)

    @torch.no_grad()
    def _fix_gauge(self) -> None:
        R, V, H = self.W.shape
        of_W = self.W.view(R, V // self.q, self.q, H).mean(2, keepdim=True)
        of_a = self.a.view(R, V // self.q, self.q).mean(2, keepdim=True)
        self.b.add_(of_W.sum((1, 2)))
        self.W.sub_(of_W.expand(-1, -1, self.q, -1).reshape(R, V, H))
        self.a.sub_(of_a.expand(-1, -1, self.q).reshape(R, V))
