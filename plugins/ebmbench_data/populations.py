"""Populations that split one after another, and drift apart in between."""

from __future__ import annotations

import torch
from torch import Tensor

from ebmbench import Noise
from ebmbench_data.copying import copied_from, turned


def founders_of(
    populations: int,
    founders: int,
    sites: int,
    generations: int,
    noise: Noise,
    *,
    switch: float,
    mutation: float,
) -> Tensor:
    """The haplotypes of all populations, (P, K, V) spins, from the noise's one stream.

    One population to begin with; the one that has been together longest splits into two, until
    there are enough. Whenever one has, all populations live for ``generations``.
    """
    there = [first_generation(founders, sites, noise)]
    while len(there) < populations:
        there = [*there[1:], there[0], there[0]]
        for _ in range(generations):
            there = [next_generation(each, switch, mutation, noise) for each in there]
    return torch.stack(there)


def first_generation(founders: int, sites: int, noise: Noise) -> Tensor:
    """(K, V) spins: i of K are up at a site with p(i) ~ 1 / i, i = 1, ..., K - 1, at random."""
    share = 1 / torch.arange(1, founders, dtype=torch.float64)
    edges = (share / share.sum()).cumsum(0)
    drawn = noise.uniform(1, sites)[0, 0].double()
    ups = 1 + torch.searchsorted(edges, drawn, right=True).clamp(max=founders - 2)
    rank = noise.words(sites, founders)[0].argsort(dim=-1, stable=True).argsort(dim=-1)
    return torch.where(rank < ups.unsqueeze(-1), 1.0, -1.0).T.contiguous()


def next_generation(parents: Tensor, switch: float, mutation: float, noise: Noise) -> Tensor:
    """As many children, each a copy of pieces of its parents, (K, V)."""
    K, V = parents.shape
    source = copied_from(K, K, V, switch, noise)[0]
    return turned(parents.gather(0, source)[None], mutation, noise)[0]
