"""Models of given numbers: a training's model as it was, and couplings."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from typing import Any, cast

import torch
from torch import Tensor, nn

from ebmbench import Couplings, Model, Noise, TwoLayer


class GivenCouplings(Model):
    """E(v, h) = -v'W h - a'v - b'h of given couplings, which are its parameters.

    Args:
        couplings: W (R, V, H), a (R, V) and b (R, H); no biases where these are None.
    """

    name = "given-couplings"

    frozen = True

    def __init__(self, couplings: Couplings) -> None:
        W, a, b = couplings
        R, V, H = W.shape
        super().__init__(self.Options(), V, Noise(range(R), device=W.device))
        self.hidden, self.field_macs = H, V * H
        self.W = _fixed(W)
        self.a = None if a is None else _fixed(a)
        self.b = None if b is None else _fixed(b)

    def couplings(self) -> Couplings:
        """The parameters."""
        return Couplings(self.W, self.a, self.b)

    def hidden_field(self, v: Tensor) -> Tensor:
        """x = v W + b, (R, N, V) -> (R, N, H)."""
        return v @ self.W if self.b is None else v @ self.W + self.b.unsqueeze(1)

    def visible_field(self, h: Tensor) -> Tensor:
        """h W' + a, (R, N, H) -> (R, N, V)."""
        return h @ self.W.mT if self.a is None else h @ self.W.mT + self.a.unsqueeze(1)

    def free_energy(self, v: Tensor) -> Tensor:
        """F(v) in nats, (R, N, V) -> (R, N)."""
        x = self.hidden_field(v)
        linear = 0.0 if self.a is None else (v * self.a.unsqueeze(1)).sum(-1)
        return -torch.logaddexp(x, -x).sum(-1) - linear


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
        memo[id(mine)] = _fixed(given)
    return deepcopy(model, memo)


def _fixed(numbers: Tensor) -> nn.Parameter:
    return nn.Parameter(numbers.detach(), requires_grad=False)
