"""Exchanges between the chains of a model and samples of an earlier one."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from ebmbench import Model, Noise
from ebmbench_ptt.free_energies import free_energies
from ebmbench_ptt.groups import groups


class Pool(NamedTuple):
    """Configurations that stand for a model.

    Attributes:
        v: (R, M, V).
        F: their free energies under it, (R, M) float64, in nats.
    """

    v: Tensor
    F: Tensor

    def at(self, index: Tensor) -> Pool:
        """Its members at ``index`` (R, N)."""
        v = self.v.gather(1, index.unsqueeze(2).expand(-1, -1, self.v.shape[2]))
        return Pool(v, self.F.gather(1, index))


class Pairs(NamedTuple):
    """Who meets whom.

    Attributes:
        member: of the reservoir that each chain meets, (R, N), all different.
        u: uniform numbers that decide whether they trade places, (R, N) float64.
    """

    member: Tensor
    u: Tensor


class Meeting(NamedTuple):
    """Chains x and members y of the reservoir, and what it takes to judge them.

    Attributes:
        who: meets whom.
        x, y: both, with their free energies under the reservoir's model.
        F: of the chains under their own, (R, N) float64.
        log_ratio: of the probabilities with places traded and as they are, (R, N).
    """

    who: Pairs
    x: Pool
    y: Pool
    F: Tensor
    log_ratio: Tensor


def pairs(N: int, rows: int, noise: Noise) -> Pairs:
    """Let each of N chains meet a sample of its own group, by 2 N + 1 random numbers.

    The reservoir is ``rows`` rows of N. Chain n meets one of the column n + shift, where the shift
    goes round its group: each of the group's samples is as likely, and none is met twice.
    """
    words = noise.words(1, 2 * N + 1)[:, 0]
    _, first, size = groups(N, words.device)
    row, shift = (words[:, :N] * rows) >> 32, (words[:, 2 * N :] * size) >> 32
    column = first + (torch.arange(N, device=words.device) - first + shift) % size
    return Pairs(row * N + column, (words[:, N : 2 * N] + 0.5) * 2.0**-32)


def meet(here: Model, there: Model, chains: Tensor, reservoir: Pool, who: Pairs) -> Meeting:
    """``chains`` (R, N, V) of ``here`` with members of a ``reservoir`` of ``there``.

    log q = [F_here(x) - F_there(x)] - [F_here(y) - F_there(y)], the hidden units summed out.
    """
    y = reservoir.at(who.member)
    x = Pool(chains, free_energies(there, chains))
    F = free_energies(here, chains)
    return Meeting(who, x, y, F, (F - x.F) - (free_energies(here, y.v) - y.F))


def trade(reservoir: Pool, met: Meeting) -> tuple[Tensor, Pool, Tensor]:
    """Places traded with probability min(1, q): the chains, the reservoir, and which traded."""
    swap = met.who.u < torch.exp(met.log_ratio)
    x, y = _chosen(swap, met.y, met.x), _chosen(swap, met.x, met.y)
    index = met.who.member
    v = reservoir.v.scatter(1, index.unsqueeze(2).expand_as(y.v), y.v)
    return x.v, Pool(v, reservoir.F.scatter(1, index, y.F)), swap


def _chosen(choose: Tensor, one: Pool, other: Pool) -> Pool:
    """``one`` where chosen (R, N), else ``other``."""
    v = torch.where(choose.unsqueeze(2), one.v, other.v)
    return Pool(v, torch.where(choose, one.F, other.F))
