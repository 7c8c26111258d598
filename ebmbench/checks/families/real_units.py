"""Statistics of kernels on real-valued units: h by enumeration, v by quadrature."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from ebmbench.checks.cases import KernelCase
from ebmbench.checks.failure import Failed, NotApplicable
from ebmbench.checks.oracle.enumeration import Array, index_of
from ebmbench.checks.oracle.frequencies import LEAST, distance, p_value
from ebmbench.checks.oracle.quadrature import Grid, Law, V, cells, enumerates_hidden, grid_of, laws
from ebmbench.numerics.noise import Noise
from ebmbench.numerics.particles import Chains

CHAINS = 20_000
REPLICAS = 2
APART = 5.0  # standard errors that tell a mean or a spread from another


class Start(NamedTuple):
    """Chains drawn exactly, (R, CHAINS, V), and what they are drawn from."""

    v: Tensor
    grid: Grid
    laws: list[Law]


def stays(case: KernelCase, beta: float, sweeps: tuple[int, ...]) -> None:
    """Chains drawn exactly from p(v) at ``beta`` are distributed so after these many sweeps.

    Raises:
        Failed: they are not, or the hidden spins that they were drawn from are not.
        NotApplicable: the kernel's chains carry hidden units along, or p at beta is not known.
    """
    if case.kernel.remembers:
        raise NotApplicable("its chains carry hidden units along, of real-valued visible units")
    model = case.model(range(REPLICAS), V)
    if beta != 1 and not enumerates_hidden(model):
        raise NotApplicable("real-valued units at a beta want few hidden spins, to enumerate")
    start = _drawn_exactly(case, beta)
    for k in sweeps:
        noise = Noise(range(REPLICAS), "drift", k, device=case.device)
        v, h = case.kernel.sweep(model, Chains(start.v), k, beta, noise)
        what = f"at beta = {beta:g} after {k} sweeps of {case.name}"
        for r, law in enumerate(start.laws):
            if law.p_h is not None and h is not None:
                _is_law_of_h(h[r], law.p_h, what)
            _is_law_of_v(v[r].cpu().double().numpy(), start.grid, law.p, what)


def _drawn_exactly(case: KernelCase, beta: float) -> Start:
    """From the grid's points: moments of these are those of the density."""
    model, rng = case.model(range(REPLICAS), V), np.random.default_rng(0)
    grid = grid_of(model, beta)
    found = laws(model, grid, beta)
    drawn = np.stack([grid.points[rng.choice(len(law.p), CHAINS, p=law.p)] for law in found])
    return Start(torch.from_numpy(drawn).float().to(case.device), grid, found)


def _is_law_of_h(h: Tensor, p_h: Array, what: str) -> None:
    index = index_of(h)
    fit = p_value(index, p_h)
    if fit < LEAST:
        raise Failed(
            f"hidden spins are no longer distributed as p(h) {what}: "
            f"{distance(index, p_h):.1%} of the probability is elsewhere (chi-square p = "
            f"{fit:.0e}). Usually p(h = +1) is not sigmoid(2 beta x), or the field x lacks a term "
            "or a 1 / sigma^2."
        )


def _is_law_of_v(v: Array, grid: Grid, p: Array, what: str) -> None:
    expected = np.bincount(cells(grid.points, grid, p), weights=p).astype(np.float64)
    index = cells(v, grid, p)
    fit = p_value(index, expected) if np.isfinite(v).all() else 0.0
    if fit < LEAST:
        raise Failed(
            f"chains drawn exactly from p(v) by quadrature are no longer distributed so {what} "
            f"(chi-square p = {fit:.0e}). {_cause(v, grid, p)}"
        )


def _cause(v: Array, grid: Grid, p: Array) -> str:
    """By means and spreads: where v is, and how wide."""
    mean = p @ grid.points
    spread = np.sqrt(p @ (grid.points - mean) ** 2)
    off = abs(v.mean(axis=0) - mean) / (spread / np.sqrt(len(v)))
    ratio = v.std(axis=0) / spread
    unit = int(abs(np.log(ratio)).argmax())
    if off.max() > APART:
        unit = int(off.argmax())
        return (
            f"Unit {unit} has the mean {v[:, unit].mean():.3f} where quadrature gives "
            f"{mean[unit]:.3f}: usually the mean of v given h lacks the bias or a sigma^2, or has "
            "another sign."
        )
    return (
        f"Unit {unit} has its mean, and a standard deviation that is {ratio[unit]:.3g} times what "
        "quadrature gives: usually sigma^2 stands for sigma, or 1 / sqrt(beta) is left out."
    )
