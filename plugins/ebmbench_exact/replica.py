"""One replica: the passes over all its states, each in several pieces side by side."""

from __future__ import annotations

import math
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ebmbench_exact.ground import fill_lowest, fill_state
from ebmbench_exact.half_split import Split, split_states
from ebmbench_exact.log_weights import fill_log_weights
from ebmbench_exact.moments import fill_moments
from ebmbench_exact.shares import in_pieces
from ebmbench_exact.weights import fill_weights, mean_spins


def moments_and_log_z(
    J: NDArray[np.float64], fixed: int, pieces: int, moments: NDArray[np.float64]
) -> float:
    """Fill ``moments`` (n + 1, m + 1) with [[<s t'>, <s>], [<t'>, 1]] for J; log Z in nats."""
    split = split_states(J, fixed)
    L = np.empty(split.shape)
    in_pieces(len(L), pieces, partial(fill_log_weights, split, L))
    top = L.max()
    in_pieces(len(L), pieces, partial(fill_weights, top, L))
    mean, Z = mean_spins(split, L)
    in_pieces(len(split.order), pieces, partial(fill_moments, split, L, mean, Z, moments))
    moments[:, -1] = mean
    if fixed:  # the other half of the states is this one with all signs turned
        moments[:-1, -1] = 0.0
        moments[-1, :-1] = 0.0
    return float(top + math.log(Z) + fixed * math.log(2.0))


def log_z_alone(J: NDArray[np.float64], fixed: int, pieces: int) -> float:
    """log Z in nats, without the moments: less than half the work."""
    split = split_states(J, fixed)
    L = np.empty(split.shape)
    in_pieces(len(L), pieces, partial(fill_log_weights, split, L))
    top = L.max()
    in_pieces(len(L), pieces, partial(fill_weights, top, L))
    return float(top + math.log(L.sum()) + fixed * math.log(2.0))


def lowest_energy(J: NDArray[np.float64], fixed: int, pieces: int) -> float:
    """min over all states of E."""
    split = split_states(J, fixed)
    return float(lowest_by_row(split, pieces).min())


def lowest_state(
    J: NDArray[np.float64], fixed: int, pieces: int, s: NDArray[np.float64], t: NDArray[np.float64]
) -> float:
    """Fill ``s`` (n,) and ``t`` (m,) with the spins of lowest E, and return that.

    Of two states whose spins are all turned, the one whose first unit of s is -1; a unit of t
    without a field is +1.
    """
    split = split_states(J, fixed)
    lowest = lowest_by_row(split, pieces)
    fill_state(split, int(lowest.argmin()), s)
    t[:] = np.where(s @ J[:-1, :-1] + J[-1, :-1] < 0, -1.0, 1.0)
    return float(lowest.min())


def lowest_by_row(split: Split, pieces: int) -> NDArray[np.float64]:
    """The lowest E in each row of states."""
    lowest = np.empty(split.shape[0])
    in_pieces(len(lowest), pieces, partial(fill_lowest, split, lowest))
    return lowest
