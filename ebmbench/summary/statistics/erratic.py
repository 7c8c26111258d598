"""Erratic methods: those that may be first only as their seeds lie far apart.

Where two seeds of ten end a hundred times worse than the others, the interval of the mean holds
next to everything, and no test of means tells the method from the best: it shares the first place
without a sign of being as good. Tests of ranks would not settle that, as of 10 pairs the least p is
2^-9 and 20 methods have 190 pairs. So it is said in words, and decides nothing. A method is called
erratic beside the first, the one with the best mean, where

    both may be first, and their difference is not surely within the margin
    sd(method) >= 10 sd(first), over 5 seeds or more

Of two methods that vary alike, normally distributed, so unlike a spread is met once in 3,400 times
with 5 seeds, and once in 100 with 3 (F test). The first is itself erratic beside the next of those
that share its place and spread so much less.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ebmbench.summary.statistics.comparison import Question
from ebmbench.summary.statistics.interval import LEVEL

WIDER = 10.0  # times the spread of the other
FEWEST_FOR_SPREAD = 5  # seeds


@dataclass(frozen=True)
class Erratic:
    """Why a method that may be first is called erratic.

    Attributes:
        beside: a method that it is not told apart from.
        times: standard deviation over seeds, as a multiple of that one's.
        behind: the share of seeds on which that one is better, ties counting half.
        seeds: that both have.
    """

    beside: str
    times: float
    behind: float
    seeds: int


def erratic(
    ranking: Sequence[str],
    pairs: Mapping[tuple[str, str], Question],
    ahead: Iterable[tuple[str, str]],
) -> dict[str, Erratic]:
    """Those of ``ranking`` that are, and why.

    Args:
        ranking: methods, the best mean first.
        pairs: of every two of them, the better mean first, the one - the other.
        ahead: pairs (better, worse) that are told apart.
    """
    told, found = set(ahead), dict[str, Erratic]()
    beaten = {worse for _, worse in told}
    for other in ranking[1:]:
        pair = ranking[0], other
        if pair in pairs and not beaten & {*pair} and not _alike(pairs[pair]):
            for method, why in _wide_beside(pair, pairs[pair]).items():
                found.setdefault(method, why)
    return found


def _wide_beside(pair: tuple[str, str], question: Question) -> dict[str, Erratic]:
    """The one of the two that spreads so much more, if either does."""
    e, (first, other) = question.evidence, pair
    spreads, n = (e.plain.method.sd, e.plain.baseline.sd), len(e.d)
    if n < FEWEST_FOR_SPREAD or not min(spreads) or max(spreads) < WIDER * min(spreads):
        return {}
    sign = 1 if e.better == "lower" else -1
    first_ahead = float(((sign * e.d < 0) + 0.5 * (e.d == 0)).mean())
    times = max(spreads) / min(spreads)
    if spreads[0] > spreads[1]:
        return {first: Erratic(other, times, 1 - first_ahead, n)}
    return {other: Erratic(first, times, first_ahead, n)}


def _alike(question: Question) -> bool:
    """Whether the difference is surely within the margin."""
    found, margin, tail = question.evidence, question.margin, LEVEL / 2
    return -margin <= found.low(tail) and found.high(tail) <= margin
