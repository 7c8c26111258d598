"""The settings that are tried: points of a scrambled Sobol sequence in what is searched."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from hashlib import sha256
from math import ceil, exp, log, log2
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ebmbench.suite.tuning.keys import Between

DIGITS = 3  # of a number that is tried: more would only be hard to read

Settings = dict[str, Any]
"""Option, by its dotted path in the method -> value."""


def settings_of(
    name: str, searched: Mapping[str, Between | list[Any]], trials: int
) -> list[Settings]:
    """What is tried of a method, each setting once.

    The same for the same method's name, however many others there are; more trials begin with those
    of fewer. Where all is chosen from lists, there may be fewer settings than trials.

    Args:
        name: of the method; the sequence is scrambled by it.
        searched: what is searched, option by option.
        trials: how many points are drawn.
    """
    axes = {option: _axis(values) for option, values in searched.items()}
    points = _sobol(name, len(axes), trials)
    found = [
        {option: axis(float(u)) for (option, axis), u in zip(axes.items(), point, strict=True)}
        for point in points
    ]
    return [each for index, each in enumerate(found) if each not in found[:index]]


def _sobol(name: str, dimensions: int, count: int) -> NDArray[np.float64]:
    """Points in the unit cube, (count, dimensions) (Sobol 1967, scrambled as by Owen 1998)."""
    from scipy.stats import qmc  # takes a second, and most suites search nothing

    seed = int.from_bytes(sha256(f"tune {name}".encode()).digest()[:8], "big")
    sequence = qmc.Sobol(dimensions, scramble=True, rng=np.random.default_rng(seed))
    draw: Callable[[int], NDArray[np.float64]] = sequence.random_base2
    return draw(ceil(log2(count)))[:count]


def _axis(values: Between | list[Any]) -> Callable[[float], Any]:
    """What a coordinate from 0 to 1 stands for."""
    if isinstance(values, list):
        return lambda u: values[min(int(u * len(values)), len(values) - 1)]
    return partial(_whole if values.is_whole else _rounded, values)


def _rounded(values: Between, u: float) -> float:
    return float(f"{_between(*values.ends, values.log is not None, u):.{DIGITS}g}")


def _whole(values: Between, u: float) -> int:
    """Each number from one end to the other, both with it, has a share."""
    low, high = map(int, values.ends)
    return min(max(round(_between(low - 0.5, high + 0.5, values.log is not None, u)), low), high)


def _between(low: float, high: float, in_logarithm: bool, u: float) -> float:
    return exp(log(low) + u * log(high / low)) if in_logarithm else low + u * (high - low)
