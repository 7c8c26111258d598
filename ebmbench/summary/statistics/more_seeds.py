"""How many more seeds would settle it: a guess, and how far it may be off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from math import isnan, sqrt
from typing import Any

from ebmbench.summary.statistics.evidence import Evidence, Pairs
from ebmbench.summary.statistics.interval import LEVEL
from ebmbench.summary.statistics.mean import t_at

POWER = 0.8  # chance with which the seeds asked for would settle it
MOST_SEEDS = 1_000  # more are never asked for

More = tuple[int | None, int | None, int | None]
"""The guess, and its ends for a spread as small or as large as the pairs allow; None for more."""

UNSETTLED: More = (None, None, None)


def more_to_differ(found: Evidence, level: float, beyond: float = 0.0) -> More:
    """The fewest seeds beyond those there that would, 4 times in 5, leave ``beyond`` out.

    Args:
        found: what there is.
        level: the tail that the test has.
        beyond: 0, or what a mean has to exceed in size to matter at all.
    """
    if sum(found.lost) or abs(found.mean) <= beyond:
        return UNSETTLED  # other seeds would be lost, too
    below = found.mean < 0

    def settled(pairs: Pairs, n: Any) -> Any:
        power = t_at(1 - POWER, n - 1)
        then = pairs.at(n)
        return then.high(level, power) < 0 if below else then.low(level, power) > 0

    return _guessed(found, settled)


def more_to_lie_within(found: Evidence, low: float, high: float, tail: float = LEVEL / 2) -> More:
    """The fewest that would, 4 times in 5, make the interval end between ``low`` and ``high``."""
    if sum(found.lost) or not low < found.mean < high:
        return UNSETTLED

    def settled(pairs: Pairs, n: Any) -> Any:
        power, then = t_at(1 - POWER, n - 1), pairs.at(n)
        return (then.low(tail, power) > low) & (then.high(tail, power) < high)

    return _guessed(found, settled)


def fewest(*found: More) -> More:
    """The first to be settled."""
    guess = [each for each in found if each[0] is not None]
    return min(guess, key=lambda each: each[0] or 0, default=found[0])


def _guessed(found: Evidence, settled: Callable[[Pairs, Any], Any]) -> More:
    pairs = found.plain
    if isnan(pairs.difference.sd):
        return UNSETTLED
    here = len(found.d)
    spreads = (1.0, *_spread(here))
    guess, least, most = (_first(partial(settled, _spread_by(pairs, by)), here) for by in spreads)
    return guess, least, most


def _spread(n: int) -> tuple[float, float]:
    """How many times smaller or larger the standard deviation may be: chi-square, 95 %."""
    from scipy import special

    degrees = n - 1
    low, high = (special.chdtri(degrees, tail) for tail in (LEVEL / 2, 1 - LEVEL / 2))
    return sqrt(degrees / low), sqrt(degrees / high)


def _spread_by(pairs: Pairs, by: float) -> Pairs:
    return replace(pairs, difference=replace(pairs.difference, sd=by * pairs.difference.sd))


def _first(settled: Callable[[int], Any], here: int) -> int | None:
    """The fewest seeds beyond ``here`` that settle it, by bisection: more never unsettle it."""
    low, high = here, max(MOST_SEEDS, here + 1)
    if not settled(high):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if settled(middle) else (middle, high)
    return high - here
