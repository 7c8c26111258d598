"""Rows that are copied piece by piece from others (Li and Stephens 2003)."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from ebmbench import Noise

AT_ONCE = 1 << 22  # numbers drawn at a time, per replica


class Copying(NamedTuple):
    """p(v): a population, then a founder of it, which changes from site to site now and then.

    Attributes:
        founders: (P, K, V) spins on the CPU, K founders of each of P populations.
        switch: probability that a site is copied from a founder that is drawn anew.
        mutation: probability that a site is turned.
    """

    founders: Tensor
    switch: float
    mutation: float

    def draw(self, rows: int, noise: Noise) -> tuple[Tensor, Tensor]:
        """Spins (R, rows, V), and the population of each row, (R, rows) int64."""
        P, _, V = self.founders.shape
        which = noise.words(rows, 1).squeeze(-1) * P >> 32  # (R, rows)
        at_once = max(1, AT_ONCE // V)
        parts = [self._copies(part, noise) for part in torch.split(which, at_once, dim=1)]
        return torch.cat(parts, dim=1), which

    def _copies(self, which: Tensor, noise: Noise) -> Tensor:
        """Rows of these populations (R, N), (R, N, V)."""
        founders = self.founders.to(noise.device)
        _, K, V = founders.shape
        source = copied_from(which.shape[1], K, V, self.switch, noise)
        sites = torch.arange(V, device=noise.device)
        copies = founders[which.unsqueeze(-1), source, sites]
        return turned(copies, self.mutation, noise)

    def log_p(self, v: Tensor) -> Tensor:
        """log p(v), (N, V) spins -> (N,) float64: forwards along the sites, over all founders."""
        P, K, V = self.founders.shape
        forward = torch.full((len(v), P, K), 1 / (P * K), dtype=torch.float64)
        log_scale = torch.zeros(len(v), dtype=torch.float64)
        for site in range(V):
            if site:
                mean = forward.mean(-1, keepdim=True)
                forward = (1 - self.switch) * forward + self.switch * mean
            same = (self.founders[None, :, :, site] == v[:, site, None, None]).double()
            forward = (same * (1 - self.mutation) + (1 - same) * self.mutation) * forward
            total = forward.sum((1, 2), keepdim=True)
            log_scale += total.flatten().log()
            forward = forward / total.clamp(min=1e-300)  # 0 where v cannot be
        return log_scale


def copied_from(rows: int, founders: int, sites: int, switch: float, noise: Noise) -> Tensor:
    """The founder that each site of each row is copied from, (R, rows, sites) int64."""
    drawn = noise.words(rows, sites) * founders >> 32
    sites_so_far = torch.arange(sites, device=noise.device).expand_as(drawn)
    jumps = noise.uniform(rows, sites) < switch
    last = torch.where(jumps, sites_so_far, 0).cummax(-1).values  # where it was drawn last
    return drawn.gather(-1, last)


def turned(spins: Tensor, probability: float, noise: Noise) -> Tensor:
    """The spins (R, N, V), each turned with the probability."""
    flips = noise.uniform(*spins.shape[1:]) < probability
    return torch.where(flips, -spins, spins)
