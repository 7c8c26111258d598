"""log Z of small models that are not two layers of spins."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, runtime_checkable

import torch
from torch import Tensor

from ebmbench import Model, TwoLayer
from ebmbench.numerics import SPINS
from ebmbench_exact.enumeration import not_enumerable

VISIBLE = 20  # units at the most: a million free energies
STATES = 1 << 13  # visible states at a time


@runtime_checkable
class SumsItself(Protocol):
    """A model with a faster way to its log Z than by all visible states."""

    def cannot_sum(self) -> str | None:
        """Why there is no log Z, or no free energy; None if there are."""

    def log_z(self) -> Tensor:
        """log Z in nats, (R,) float64."""


def not_summable(model: Model) -> str | None:
    """Why log Z of ``model`` cannot be had by enumeration; None if it can.

    Two layers of spins by the smaller layer, a model that sums itself in its own way, any other
    by its visible states.
    """
    if isinstance(model, TwoLayer):
        return not_enumerable(model)
    if isinstance(model, SumsItself):
        return model.cannot_sum()
    if model.units != SPINS:
        return f"the model '{model.name}' has {model.units} and no sum of its own"
    if model.visible > VISIBLE:
        return f"V={model.visible} are too many units to enumerate: {VISIBLE} at most"
    try:
        with torch.no_grad():
            model.free_energy(next(visible_states(model))[:, :1])
    except (NotImplementedError, ValueError) as error:
        return str(error)
    return None


@torch.no_grad()
def log_z(model: Model) -> Tensor:
    """log Z of other models than two layers in nats, (R,) float64; NaN for a diverged replica."""
    if isinstance(model, SumsItself):
        return model.log_z()
    minus_free = torch.cat([-model.free_energy(v) for v in visible_states(model)], dim=1)
    return minus_free.double().logsumexp(1)


def visible_states(model: Model) -> Iterator[Tensor]:
    """All visible states, (R, at most STATES, V) at a time; the first unit changes first."""
    like = next(model.parameters())
    units = torch.arange(model.visible, device=like.device)
    for start in range(0, 1 << model.visible, STATES):
        codes = torch.arange(start, min(start + STATES, 1 << model.visible), device=like.device)
        v = (2 * (codes.unsqueeze(1) >> units & 1) - 1).to(like.dtype)
        yield v.expand(model.replicas, -1, -1)
