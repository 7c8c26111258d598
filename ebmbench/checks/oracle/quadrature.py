"""Integrals over two real-valued visible units, from a grid of points.

By the trapezoidal rule, whose error falls off faster than any power of the spacing where densities
are smooth and vanish at the rim. Hidden spins are enumerated; nothing is shared with any plugin.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ebmbench.checks.failure import Failed
from ebmbench.checks.oracle.enumeration import Array, device_of, hidden_spins, hidden_units, states
from ebmbench.interfaces.model import Model

V = 2  # real-valued units of a model that is integrated
POINTS = 161  # per unit
REACHES = (12.0, 60.0, 300.0)  # how far from 0 a density is looked for
SEEN = 30.0  # nats: what is further below the highest density is taken for none
ZOOMS = 3
HIDDEN = 6  # hidden spins that are enumerated beside each point, at the most
CELLS = 6  # parts of each unit's range in which points are counted


class Grid(NamedTuple):
    """Points of the plane at equal distances.

    Attributes:
        points: (S, V), the last unit first.
        spacing: of each unit, (V,).
    """

    points: Array
    spacing: Array

    @property
    def log_area(self) -> float:
        """What a point stands for, as a logarithm."""
        return float(np.log(self.spacing).sum())

    @property
    def at_the_rim(self) -> NDArray[np.bool_]:
        """(S,)."""
        ends = self.points.min(axis=0), self.points.max(axis=0)
        rim: NDArray[np.bool_] = np.logical_or(*(self.points == end for end in ends)).any(axis=1)
        return rim


class Law(NamedTuple):
    """The law of one replica at some inverse temperature.

    Attributes:
        p: of the grid's points, (S,).
        p_h: of all states of hidden spins, (2^H,); None where they are not enumerated.
    """

    p: Array
    p_h: Array | None


def grid_of(model: Model, beta: float = 1.0) -> Grid:
    """A grid that holds all of the density, of every replica.

    Raises:
        Failed: there is none: exp(-beta F) does not fall off.
    """
    for reach in REACHES:
        grid = _between(np.full(V, -reach), np.full(V, reach))
        seen = _seen(model, grid, beta)
        if not (seen & grid.at_the_rim).any():
            break
    else:
        raise Failed(
            f"exp(-F(v)) has no finite integral: it is no smaller {REACHES[-1]:g} away from 0 than "
            "anywhere else, along some direction. Usually the square of v, which has to win, is "
            "left out or has the wrong sign."
        )
    for _ in range(ZOOMS):
        inside = grid.points[seen]
        grid = _between(inside.min(axis=0) - grid.spacing, inside.max(axis=0) + grid.spacing)
        seen = _seen(model, grid, beta)
    return grid


def log_integral(model: Model, grid: Grid) -> Array:
    """log of the integral of exp(-F(v)) over v, (R,)."""
    total: Array = np.logaddexp.reduce(-free_energies(model, grid), axis=1) + grid.log_area
    return total


def laws(model: Model, grid: Grid, beta: float) -> list[Law]:
    """Of each replica."""
    if not enumerates_hidden(model):
        return [Law(_shares(-beta * F), None) for F in free_energies(model, grid)]
    joint = (_shares(-beta * E) for E in _joint_energies(model, grid))
    return [Law(each.sum(axis=1), each.sum(axis=0)) for each in joint]


def enumerates_hidden(model: Model) -> bool:
    """Whether all states of its hidden units are looked at: spins, and few."""
    return hidden_units(model) <= HIDDEN and hidden_spins(model)


@torch.no_grad()
def free_energies(model: Model, grid: Grid) -> Array:
    """F of the points, (R, S)."""
    F: Array = model.free_energy(_rows(grid.points, model)).cpu().double().numpy()
    return F


def cells(v: Tensor | Array, grid: Grid, p: Array) -> NDArray[np.int64]:
    """Which part of the plane rows (N, V) are in: CELLS parts of each unit, as likely by p."""
    found = np.zeros(len(v), dtype=np.int64)
    for unit, column in enumerate(np.asarray(v, dtype=np.float64).T):
        places, place = np.unique(grid.points[:, unit], return_inverse=True)
        below = np.bincount(place, weights=p).cumsum()
        ends = np.searchsorted(below, np.arange(1, CELLS) / CELLS)
        edges = places[ends] + grid.spacing[unit] / 2  # between points
        found = CELLS * found + np.searchsorted(edges, column)
    return found


def _between(low: Array, high: Array) -> Grid:
    axes = [np.linspace(*ends, POINTS) for ends in zip(low, high, strict=True)]
    points = np.stack(np.meshgrid(*axes, indexing="ij"), -1).reshape(-1, V)
    return Grid(points, (high - low) / (POINTS - 1))


def _seen(model: Model, grid: Grid, beta: float) -> NDArray[np.bool_]:
    """Where the density of some replica is seen, (S,)."""
    F = beta * free_energies(model, grid)
    above = F - F.min(axis=1, keepdims=True)
    seen: NDArray[np.bool_] = (above < SEEN).any(axis=0)
    return seen


@torch.no_grad()
def _joint_energies(model: Model, grid: Grid) -> list[Array]:
    """E of points and all states of the hidden spins, (S, 2^H) of each replica."""
    v, h = grid.points, states(hidden_units(model))
    of_v, of_h = np.repeat(v, len(h), axis=0), np.tile(h, (len(v), 1))
    energy = model.energy(_rows(of_v, model), _rows(of_h, model)).cpu().double().numpy()
    return list(energy.reshape(-1, len(v), len(h)))


def _shares(log_weight: Array) -> Array:
    shares: Array = np.exp(log_weight - np.logaddexp.reduce(log_weight, axis=None))
    return shares


def _rows(v: Array, model: Model) -> Tensor:
    rows = torch.from_numpy(v).float().to(device_of(model))
    return rows.expand(model.replicas, -1, -1)
