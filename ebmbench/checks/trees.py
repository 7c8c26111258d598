"""Trees of tensors, such as a sampler's state: copies, and what differs."""

from __future__ import annotations

import copy
from typing import Any

import torch
from torch import Tensor

from ebmbench.checks.failure import Failed
from ebmbench.numerics.trees import leaves


def copied(tree: Any, what: str) -> Any:
    """A deep copy.

    Raises:
        Failed: there is something in it that cannot be copied; ``what`` says what it is.
    """
    try:
        return copy.deepcopy(tree)
    except Exception as error:
        raise Failed(
            f"{what} cannot be copied ({error}). A state is stored to go on from later: keep plain "
            "tensors in it, detached from autograd."
        ) from error


def same(one: Any, other: Any) -> bool:
    """Whether all leaves are the same, bit for bit."""
    mine, theirs = list(leaves(one)), list(leaves(other))
    return len(mine) == len(theirs) and all(map(same_bits, mine, theirs))


def same_bits(one: Tensor, other: Tensor) -> bool:
    """Whether shapes, types and numbers are the same; NaN equals NaN."""
    if one.shape != other.shape or one.dtype != other.dtype:
        return False
    one, other = one.detach().cpu(), other.detach().cpu()
    return torch.equal(one.isnan(), other.isnan()) and torch.equal(
        one.nan_to_num(), other.nan_to_num()
    )


def largest_difference(one: Any, other: Any) -> float:
    """Of the leaves of two trees; infinite where their shapes differ."""
    pairs = list(zip(leaves(one), leaves(other), strict=False))
    if any(mine.shape != theirs.shape for mine, theirs in pairs):
        return float("inf")
    return max(
        (
            float((mine.detach().double() - theirs.detach().double()).abs().max())
            for mine, theirs in pairs
            if mine.numel()
        ),
        default=0.0,
    )
