"""Models of given numbers: a training's model as it was, and couplings."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from typing import Any, cast

import torch
from torch import Tensor, nn

from ebmbench import Couplings, Model, TwoLayer
from ebmbench.numerics import GivenCouplings


class Frozen(GivenCouplings, Model):
    """A training's model, or one on the way to it, as it was."""

    name = "frozen"


@torch.no_grad()
def couplings_of(model: Model) -> Couplings:
    """Of a two-layer model, as they are: numbers of its own memory, or formed here."""
    W, a, b = cast(TwoLayer, model).couplings()
    biases = (bias if bias is None else bias.detach() for bias in (a, b))
    return Couplings(W.detach(), *biases)


def parameters_of(model: Model) -> tuple[Tensor, ...]:
    """A copy of the parameters as they are."""
    return tuple(parameter.detach().clone() for parameter in model.parameters())


def with_parameters(model: Model, parameters: Sequence[Tensor]) -> Model:
    """The same model with other parameters, which are not copied."""
    memo: dict[int, Any] = {id(model.options): model.options}
    for mine, given in zip(model.parameters(), parameters, strict=True):
        memo[id(mine)] = nn.Parameter(given.detach(), requires_grad=False)
    return deepcopy(model, memo)
