"""The oracle: every state of a small model, in float64, by the definition of the model alone.

    p(v, h) = exp(-E(v, h)) / Z,   E(v, h) = -v'W h - a'v - b'h,   spins +1/-1.

One replica: W (V, H), a (V,), b (H,). Nothing here shares code or a formula with the package: the
hidden units are not summed out but enumerated.
"""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

import numpy as np


def states(units):
    """All states of ``units`` spins, (2^units, units)."""
    return np.array(list(product([-1.0, 1.0], repeat=units)))


def energies(W, a, b):
    """E of all pairs of states, (2^V, 2^H)."""
    v, h = states(len(a)), states(len(b))
    return -(v @ W @ h.T) - (v @ a)[:, None] - h @ b


def log_z(W, a, b):
    """log of the sum of exp(-E)."""
    return np.logaddexp.reduce(-energies(W, a, b), axis=None)


def joint(W, a, b):
    """p(v, h), (2^V, 2^H)."""
    return np.exp(-energies(W, a, b) - log_z(W, a, b))


def p_v(W, a, b):
    """p(v), (2^V,), in the order of ``states``."""
    return joint(W, a, b).sum(axis=1)


def ground_energy(W, a, b):
    """The lowest E."""
    return energies(W, a, b).min()


class Moments(NamedTuple):
    """Expectations under p: <v h'> (V, H), <v> (V,), <h> (H,)."""

    vh: np.ndarray
    v: np.ndarray
    h: np.ndarray


def moments(W, a, b):
    """<v h'>, <v> and <h>."""
    p = joint(W, a, b)
    v, h = states(len(a)), states(len(b))
    return Moments(v.T @ p @ h, p.sum(axis=1) @ v, p.sum(axis=0) @ h)
