"""Groups of chains that have nothing to do with one another, by which errors are known.

Chains that meet the samples of other chains leave something of themselves there: what is estimated
from all of them is less sure than from as many independent ones. Between groups it never happens.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

import torch
from torch import Tensor

FEWEST = 10  # that tell an error; as many chains and fewer are a group each


class Groups(NamedTuple):
    """Which group each of N chains is in, of neighbours; (N,) int64 each.

    Attributes:
        group: from 0.
        first: chain of the group.
        size: of the group.
    """

    group: Tensor
    first: Tensor
    size: Tensor


def group_count(N: int) -> int:
    """How many groups N chains are in: about the root of N.

    Few chains with samples of their own would have the shares of modes that these happen to have.
    """
    return max(min(N, FEWEST), math.isqrt(N))


@lru_cache(maxsize=8)  # asked for at every exchange
def groups(N: int, device: torch.device) -> Groups:
    """The groups of N chains, as equal in size as can be."""
    count = group_count(N)
    group = torch.arange(N, device=device) * count // N
    first, beyond = (((group + i) * N + count - 1) // count for i in (0, 1))
    return Groups(group, first, beyond - first)


def standard_error(influence: Tensor) -> Tensor:
    """Of an estimate that each of N columns of samples has some influence on, (R, N) -> (R,).

    By how much the groups' influences differ: what they sum to should be nothing.
    """
    N = influence.shape[1]
    count, group = group_count(N), groups(N, influence.device).group
    total = influence.new_zeros(len(influence), count)
    total = total.scatter_add(1, group.expand(influence.shape), influence)
    return (total.square().sum(1) * count / (count - 1)).sqrt()
