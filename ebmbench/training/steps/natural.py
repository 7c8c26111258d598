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

    dF = -(v t', v, t) for W, a and b, with t = tanh(x), or t = h where h is known: the matrix
    -(v, 1)(t, 1)'. So a direction is a matrix too (``joined``), whose corner stays zero.

    Attributes:
        v: (R, N, V), with ones behind where there is a b.
        t: (R, N, H), with ones behind where there is an a.
        weight: (R, N, 1), which sums to one over N.
    """

    v: Tensor
    t: Tensor
    weight: Tensor

    @classmethod
    def of(cls, model: Model, particles: Particles, most: int) -> Fisher:
        """Of a model whose parameters are its couplings, over the first ``most`` particles."""
        two_layers = cast(TwoLayer, model)
        _, a, b = two_layers.couplings()
        v, weight = particles.v[:, :most], particles.weights[:, :most].unsqueeze(2)
        known = None if particles.h is None else particles.h[:, :most]
        t = mean_spin_(two_layers.hidden_field(v)) if known is None else known
        one = None if b is None else 1.0, None if a is None else 1.0
        return cls(_and(v, one[0]), _and(t, one[1]), weight / weight.sum(1, keepdim=True))

    def times(self, direction: Tensor) -> Tensor:
        """Fisher times a direction, both (R, V', H')."""
        y = ((self.v @ direction) * self.t).sum(2, keepdim=True)  # minus each particle's dF along
        c = self.weight * (y - (self.weight * y).sum(1, keepdim=True))  # (R, N, 1), sums to 0
        return (c * self.v).mT @ self.t


class NaturalGradient(Change):
    """d with (F + damping 1) d = G, G = <dF>_data - <dF>_model and F = Cov_model[dF].

    F is the Fisher information of p(v): steps along d do not depend, but for the damping, on how
    the model is written. It is estimated over the particles of the negative phase, never formed,
    and solved for by some conjugate gradients (Hestenes and Stiefel 1952) from the last d, each
    replica by itself. With a damping of 1, d is never longer than G.

    Source: Amari 1998; for Boltzmann machines Amari, Kurata and Nagaoka 1992, and Desjardins,
    Pascanu, Courville and Bengio 2013, whose metric-free form this is.

    Attributes:
        direction: the last d, ``joined``; None before the first update.
    """

    remembers = 2

    def __init__(
        self, model: Model, damping: float = 1.0, iterations: int = 20, particles: int = 100
    ) -> None:
        self.model, self.damping = model, damping
        self.iterations, self.particles = iterations, particles
        self.direction: Tensor | None = None

    @torch.no_grad()
    def __call__(self, data: Phase, negative: Phase, taken: Taken) -> Phase:
        if taken.particles is None:
            raise ComponentError("optimiser 'natural'", "the negative phase has no particles")
        G = self._joined(tuple(d - n for d, n in zip(data, negative, strict=True)))
        fisher = Fisher.of(self.model, taken.particles, self.particles)

        def damped(x: Tensor) -> Tensor:
            return torch.add(fisher.times(x), x, alpha=self.damping)

        if self.direction is None:
            self.direction = torch.zeros_like(G)
        # In place: where a step is recorded, the next one starts from this very memory.
        self.direction.copy_(conjugate_gradients(damped, G, self.direction, self.iterations))
        return tuple(part.clone() for part in self._parts(self.direction))

    def standing(self) -> Any:
        return self.direction

    def restore(self, remembered: Any) -> None:
        self.direction = remembered

    def forget(self, replicas: Tensor) -> None:
        if self.direction is not None:
            self.direction[replicas] = 0.0

    def cost(self) -> Cost:
        """Two products per iteration, of ``particles`` particles however few there are."""
        N, V, H = self.particles, self.model.visible, cast(TwoLayer, self.model).hidden
        there, back = product_cost(N, V, H), product_cost(V, N, H)
        size = self.model.parameters_per_replica()
        vectors = Cost(macs=5.0 * size, bytes=4.0 * 12 * size)
        return (self.iterations + 1) * (there + back + vectors) + there

    def _joined(self, parts: Phase) -> Tensor:
        """W with a as a last column and b as a last row, (R, V', H')."""
        there = cast(TwoLayer, self.model).couplings()
        left = iter(parts)
        W, a, b = (None if coupling is None else next(left) for coupling in there)
        whole = _and(cast(Tensor, W), a)
        return whole if b is None else _and(whole.mT, b if a is None else _and(b, 0.0)).mT

    def _parts(self, whole: Tensor) -> Phase:
        """The parts again, in the order of the parameters."""
        W, a, b = cast(TwoLayer, self.model).couplings()
        _, V, H = W.shape
        parts = whole[:, :V, :H], whole[:, :V, -1], whole[:, -1, :H]
        return tuple(p for p, c in zip(parts, (W, a, b), strict=True) if c is not None)


def conjugate_gradients(
    times: Callable[[Tensor], Tensor], g: Tensor, start: Tensor, iterations: int
) -> Tensor:
    """x with A x = g, A symmetric and positive, each replica by itself.

    Args:
        times: A times a direction.
        g: (R, ...).
        start: a first x.
        iterations: at most; a replica whose residual is small stays where it is.
    """
    x = start
    residual = g - times(start)
    p, rr, enough = residual, _dot(residual, residual), SOLVED**2 * _dot(g, g)
    for _ in range(iterations):
        Ap = times(p)
        going = rr > enough
        step = torch.where(going, rr / _dot(p, Ap), 0.0)  # where it is over this may be 0 / 0
        x, residual = torch.addcmul(x, step, p), torch.addcmul(residual, step, Ap, value=-1.0)
        before, rr = rr, torch.where(going, _dot(residual, residual), rr)
        p = torch.addcmul(residual, torch.where(going, rr / before, 0.0), p)
    return x


def _dot(one: Tensor, other: Tensor) -> Tensor:
    """Over all but the replicas, (R, 1, ...)."""
    return (one * other).sum(tuple(range(1, one.dim())), keepdim=True)


def _and(x: Tensor, more: Tensor | float | None) -> Tensor:
    """(..., M) -> (..., M + 1), with a number, or (...), behind; as it is with None."""
    if more is None:
        return x
    if isinstance(more, Tensor):
        return torch.cat([x, more.unsqueeze(-1)], -1)
    return torch.nn.functional.pad(x, (0, 1), value=more)
