"""The natural gradient, by conjugate gradients over the negative phase's particles."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, cast

import torch
from torch import Tensor

from ebmbench.errors import ComponentError
from ebmbench.interfaces.cost import Cost, product_cost
from ebmbench.interfaces.model import Model
from ebmbench.numerics.particles import Particles
from ebmbench.numerics.phases import Phase
from ebmbench.numerics.spin_functions import mean_spin_
from ebmbench.numerics.two_layer import TwoLayer
from ebmbench.training.steps.change import Change, Taken

SOLVED = 1e-6  # of the gradient's length: a residual below which a replica's solution is kept


class Natural(torch.optim.Optimizer):
    """w <- w - lr d with (Fisher + damping) d = <dF>_data - <dF>_model; d comes as the gradient."""

    cites = ("amari1998", "amari1992", "desjardins2013", "hestenes1952")

    def __init__(
        self,
        params: Iterable[Tensor],
        lr: float,
        damping: float = 1.0,
        iterations: int = 20,
        particles: int = 100,
    ) -> None:
        if not damping > 0:
            raise ValueError(f"damping: {damping}: should be above 0")
        for name, count, most in (
            ("iterations", iterations, 1000),
            ("particles", particles, 100_000),
        ):
            if not isinstance(count, int) or not 1 <= count <= most:
                raise ValueError(f"{name}: {count}: should be a whole number from 1 to {most}")
        super().__init__(params, {"lr": lr})

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> None:  # type: ignore[override]
        """Step all parameters along their ``grad``."""
        for group in self.param_groups:
            for parameter in group["params"]:
                parameter -= group["lr"] * parameter.grad


class Fisher(NamedTuple):
    """Cov[dF] over weighted particles, as what it does to a direction in the parameters.

    dF = -(v t', v, t) with t = tanh(x) or t = h where h is known, for W, a and b.

    Attributes:
        v: (R, N, V).
        t: (R, N, H).
        weight: (R, N, 1), which sums to one over N.
        kinds: of the parameters, in their order, W, a and b for the places 0, 1 and 2.
    """

    v: Tensor
    t: Tensor
    weight: Tensor
    kinds: tuple[int, ...]

    @classmethod
    def of(cls, model: Model, particles: Particles, most: int) -> Fisher:
        """Of a model whose parameters are its couplings, over the first ``most`` particles."""
        two_layers = cast(TwoLayer, model)
        v, weight = particles.v[:, :most], particles.weights[:, :most].unsqueeze(2)
        known = None if particles.h is None else particles.h[:, :most]
        t = mean_spin_(two_layers.hidden_field(v)) if known is None else known
        there = enumerate(two_layers.couplings())
        kinds = tuple(kind for kind, coupling in there if coupling is not None)
        return cls(v, t, weight / weight.sum(1, keepdim=True), kinds)

    def times(self, direction: Phase) -> Phase:
        """Fisher times a direction, both one tensor per parameter."""
        y = sum(self._along(kind, x) for kind, x in zip(self.kinds, direction, strict=True))
        c = self.weight * (y - (self.weight * y).sum(1, keepdim=True))  # (R, N, 1), sums to 0
        weighted = c * self.v
        sums = (lambda: weighted.mT @ self.t, lambda: weighted.sum(1), lambda: (c * self.t).sum(1))
        return tuple(sums[kind]() for kind in self.kinds)

    def _along(self, kind: int, x: Tensor) -> Tensor:
        """Minus the derivative of each particle's F along a part of a direction, (R, N, 1)."""
        if kind == 0:
            return ((self.v @ x) * self.t).sum(2, keepdim=True)
        return ((self.v if kind == 1 else self.t) * x.unsqueeze(1)).sum(2, keepdim=True)


class NaturalGradient(Change):
    """d with (F + damping 1) d = G, G = <dF>_data - <dF>_model and F = Cov_model[dF].

    F is the Fisher information of p(v): steps along d do not depend, but for the damping, on how
    the model is written. It is estimated over the particles of the negative phase, never formed,
    and solved for by some conjugate gradients (Hestenes and Stiefel 1952) from the last d, each
    replica by itself. With a damping of 1, d is never longer than G.

    Source: Amari 1998; for Boltzmann machines Amari, Kurata and Nagaoka 1992, and Desjardins,
    Pascanu, Courville and Bengio 2013, whose metric-free form this is.

    Attributes:
        direction: the last d; None before the first update.
    """

    remembers = 2

    def __init__(
        self, model: Model, damping: float = 1.0, iterations: int = 20, particles: int = 100
    ) -> None:
        self.model, self.damping = model, damping
        self.iterations, self.particles = iterations, particles
        self.direction: Phase | None = None

    @torch.no_grad()
    def __call__(self, data: Phase, negative: Phase, taken: Taken) -> Phase:
        if taken.particles is None:
            raise ComponentError("optimiser 'natural'", "the negative phase has no particles")
        G = tuple(d - n for d, n in zip(data, negative, strict=True))
        fisher = Fisher.of(self.model, taken.particles, self.particles)

        def damped(x: Phase) -> Phase:
            pairs = zip(fisher.times(x), x, strict=True)
            return tuple(part + self.damping * its for part, its in pairs)

        start = self.direction or tuple(map(torch.zeros_like, G))
        return self._remembered(conjugate_gradients(damped, G, start, self.iterations))

    def standing(self) -> Any:
        return self.direction

    def restore(self, remembered: Any) -> None:
        self.direction = remembered

    def forget(self, replicas: Tensor) -> None:
        for part in self.direction or ():
            part[replicas] = 0.0

    def cost(self) -> Cost:
        """Two products per iteration, of ``particles`` particles however few there are."""
        N, V, H = self.particles, self.model.visible, cast(TwoLayer, self.model).hidden
        there, back = product_cost(N, V, H), product_cost(V, N, H)
        size = self.model.parameters_per_replica()
        vectors = Cost(macs=5.0 * size, bytes=4.0 * 12 * size)
        return (self.iterations + 1) * (there + back + vectors) + there

    def _remembered(self, direction: Phase) -> Phase:
        """The direction, which the next one starts from; in place once it is there."""
        if self.direction is None:
            self.direction = tuple(map(torch.clone, direction))
        for mine, new in zip(self.direction, direction, strict=True):
            mine.copy_(new)
        return direction


def conjugate_gradients(
    times: Callable[[Phase], Phase], g: Phase, start: Phase, iterations: int
) -> Phase:
    """x with A x = g, A symmetric and positive, each replica by itself.

    Args:
        times: A times a direction.
        g: one tensor (R, ...) per parameter.
        start: a first x.
        iterations: at most; a replica whose residual is small stays where it is.
    """
    x = start
    residual = _plus(g, times(start), -1.0)
    p, rr, enough = residual, _dot(residual, residual), SOLVED**2 * _dot(g, g)
    for _ in range(iterations):
        Ap = times(p)
        going = rr > enough
        step = torch.where(going, rr / _dot(p, Ap), 0.0)  # where it is over this may be 0 / 0
        x, residual = _plus(x, p, step), _plus(residual, Ap, -step)
        before, rr = rr, torch.where(going, _dot(residual, residual), rr)
        p = _plus(residual, p, torch.where(going, rr / before, 0.0))
    return x


def _dot(one: Phase, other: Phase) -> Tensor:
    """Over all parameters, (R,)."""
    products = ((a * b).reshape(len(a), -1).sum(1) for a, b in zip(one, other, strict=True))
    return cast(Tensor, sum(products))


def _plus(one: Phase, other: Phase, times: Tensor | float) -> Phase:
    """one + times other, ``times`` a number or one for each replica."""
    if isinstance(times, Tensor):
        per = (times.to(a.dtype).view(-1, *[1] * (a.dim() - 1)) for a in one)
        return tuple(a + t * b for a, b, t in zip(one, other, per, strict=True))
    return tuple(a + times * b for a, b in zip(one, other, strict=True))
