"""The partition function of the square Ising model, at any size."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

STEP = 1e-30  # of a derivative that is taken along the imaginary axis: exact to float64
Numbers = NDArray[np.complex128]


def log_z(size: int, beta: float) -> float:
    """log sum_v exp(beta sum over neighbours v_i v_j), of size x size spins on a torus.

    Kaufman 1949 (Phys. Rev. 76, 1232), eq. 49.
    """
    return float(_log_z(size, complex(beta)).real)


def mean_energy(size: int, beta: float) -> float:
    """<E> = -d log Z / d beta, E = -sum over neighbours v_i v_j."""
    if beta == 0:
        return 0.0
    return -float(_log_z(size, complex(beta, STEP)).imag) / STEP


def entropy(size: int, beta: float) -> float:
    """-sum p log p = log Z + beta <E>, in nats."""
    return log_z(size, beta) + beta * mean_energy(size, beta)


def _log_z(n: int, beta: complex) -> complex:
    """Four products over the modes of a row, even and odd, of cosh and of sinh.

    2 Z = (2 sinh 2 beta)^(n n / 2) [ prod 2cosh(n g_odd / 2) (1 + prod tanh(n g_odd / 2))
                                    + prod 2cosh(n g_even / 2) (1 + prod tanh(n g_even / 2)) ]
    with cosh g_q = cosh(2 beta) coth(2 beta) - cos(pi q / n), and g_0 = 2 beta + log tanh beta,
    which changes its sign where the model orders.
    """
    if beta == 0:
        return n * n * math.log(2.0)
    modes = np.arange(2 * n)
    c = np.cosh(2 * beta) / np.tanh(2 * beta) - np.cos(np.pi * modes / n)
    g = np.arccosh(c)
    g[0] = 2 * beta + np.log(np.tanh(beta))
    parts = np.array([_log_of_products(n * g[first::2] / 2) for first in (1, 0)])
    top = parts.real.max()
    both = np.exp(parts - top).sum()
    within = n * n / 2 * np.log(2 * np.sinh(2 * beta))
    return complex(within + top + np.log(both) - np.log(2.0))


def _log_of_products(x: Numbers) -> complex:
    """log[ prod 2cosh x (1 + prod tanh x) ]."""
    size = np.where(x.real < 0, -x, x)
    return complex((size + np.log1p(np.exp(-2 * size))).sum() + np.log1p(np.tanh(x).prod()))
