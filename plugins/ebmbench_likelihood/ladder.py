"""The inverse temperatures that annealing passes through, from 0 to 1."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Spacing = Literal["linear", "sigmoid", "geometric"]

STEEPNESS = 4.0  # of the sigmoid
HOTTEST = 1e-4  # the first rung above 0 of the geometric ladder


def ladder(steps: int, spacing: Spacing) -> NDArray[np.float64]:
    """0 = b_0 < b_1 < ... < b_steps = 1, (steps + 1,).

    ``linear``: b_t = t / T. ``sigmoid``: dense at both ends (Grosse, Maddison and Salakhutdinov
    2013). ``geometric``: equal ratios from 1e-4 on, for models whose action is at high temperature.
    """
    t: NDArray[np.float64] = np.arange(steps + 1) / steps
    if spacing == "geometric":
        return np.concatenate([[0.0], HOTTEST ** (1 - np.arange(1, steps + 1) / steps)])
    if spacing == "sigmoid":
        s = np.tanh(STEEPNESS / 2 * (2 * t - 1))
        t = (s - s[0]) / (s[-1] - s[0])
    return t
