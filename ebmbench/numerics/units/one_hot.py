"""Sites that are each in one of several states."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from ebmbench.numerics.noise import Noise
from ebmbench.numerics.units.units import Units


@dataclass(frozen=True)
class OneHot(Units):
    """A column for each state of each site, site after site: 1 where it is in it, 0 elsewhere.

    These 0 and 1 are no bits that stand for spins: of the ``q`` columns of a site exactly one is 1.

    Attributes:
        q: states of a site, at least 2; V is a multiple of it.
    """

    q: int

    def __str__(self) -> str:
        return f"sites of {self.q} states, a column of 0 and 1 for each"

    def fault_of(self, rows: Tensor) -> str | None:
        if rows.shape[-1] % self.q:
            return f"has {rows.shape[-1]} columns, no multiple of {self.q} states"
        odd = rows[(rows != 0) & (rows != 1)]
        if len(odd):
            return f"holds {odd[0].item():g}, where a column of a state is 0 or 1"
        ones = self.of_sites(rows).sum(-1)
        wrong = (ones != 1).nonzero()
        if not len(wrong):
            return None
        row, site = wrong[0].tolist()
        return f"has a site {site} in {ones[row, site].item():g} states, where it is in one"

    def random(self, rows: int, visible: int, noise: Noise) -> Tensor:
        """Each site in one of its states, all alike."""
        return self.columns(noise.words(rows, visible // self.q) * self.q >> 32)

    def states(self, visible: int) -> Tensor:
        """All q^sites; the last site changes first, from its first state to its last."""
        sites = visible // self.q
        codes = torch.arange(self.q**sites).unsqueeze(1)
        return self.columns(codes // self.q ** torch.arange(sites - 1, -1, -1) % self.q)

    def index_of(self, rows: Tensor) -> Tensor:
        state = self.of_sites(rows).argmax(-1)
        place = self.q ** torch.arange(state.shape[-1] - 1, -1, -1, device=rows.device)
        return (state * place).sum(-1)

    def draws(self, visible: int) -> int:
        """One for each site."""
        return visible // self.q

    def suited(self, visible: int) -> int:
        """The next multiple of q."""
        return -(-visible // self.q) * self.q

    def drawn(self, logits: Tensor, noise: Noise) -> Tensor:
        """Each site in a state c with probability ~ exp(logit), (R, N, V) -> (R, N, V) float32.

        By a number in [0, 1) for each site, a multiple of 2^-24: probabilities are exact to 1e-7.
        """
        of_sites = self.of_sites(logits)
        upto = (of_sites - of_sites.amax(-1, keepdim=True)).exp().cumsum(-1)
        share = noise.uniform(logits.shape[1], logits.shape[2] // self.q)
        below = upto <= share.unsqueeze(-1) * upto[..., -1:]
        return self.columns(below.sum(-1).clamp(max=self.q - 1))

    def columns(self, state: Tensor) -> Tensor:
        """The rows of sites in these states (..., sites) of 0, ..., q - 1, (..., V) float32."""
        columns = torch.zeros(*state.shape, self.q, device=state.device)
        return columns.scatter_(-1, state.unsqueeze(-1), 1.0).flatten(-2)

    def of_sites(self, rows: Tensor) -> Tensor:
        """The same numbers site by site, (..., V) -> (..., sites, q)."""
        return rows.reshape(*rows.shape[:-1], -1, self.q)
