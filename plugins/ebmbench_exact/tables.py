"""Small tables over all states of a few units: of the fields x, and of exp(2x).

A table has one row per unit of the other layer and one column per state. Each further unit doubles
it: the states with that unit up are those with it down and 2J more.
"""

from __future__ import annotations

import math

import numpy as np

from ebmbench.numerics import njit


@njit
def fields(J, constant):  # type: ignore[no-untyped-def]
    """``constant + s J`` for all states s of the units of J (units, m), (m, 2^units) float64."""
    units, m = J.shape
    table = np.empty((m, 1 << units))
    for k in range(m):
        row = table[k]
        row[0] = all_down(J, constant, k)
        for unit in range(units):
            size, step = 1 << unit, 2.0 * J[unit, k]
            for state in range(size):
                row[size + state] = row[state] + step
    return table


@njit
def exponentials(J, constant, scale, height):  # type: ignore[no-untyped-def]
    """``scale exp(2 (constant + s J))``, (height, 2^units) float32; 0 in the rows after the m-th.

    Products in float64: each entry is rounded to float32 once.
    """
    units, m = J.shape
    table = np.zeros((height, 1 << units), np.float32)
    row = np.empty(1 << units)
    for k in range(m):
        row[0] = scale * math.exp(2.0 * all_down(J, constant, k))
        for unit in range(units):
            size, factor = 1 << unit, math.exp(4.0 * J[unit, k])
            for state in range(size):
                row[size + state] = row[state] * factor
        out = table[k]
        for state in range(1 << units):
            out[state] = row[state]
    return table


@njit
def all_down(J, constant, k):  # type: ignore[no-untyped-def]
    """The field on unit k where all others are -1."""
    x = constant[k]
    for unit in range(len(J)):
        x -= J[unit, k]
    return x
