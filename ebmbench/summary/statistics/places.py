"""Places with intervals: which ranks each of K methods may have, all of them at once.

All pairs are tested as one family (Holm 1979). Then, with 95 % for all methods together, the place
of a method by its true mean lies in

    [1 + #{methods surely better}, K - #{methods surely worse}]

(simultaneous confidence sets for ranks: Mogstad, Romano, Shaikh and Wilhelm 2024, Review of
Economic Studies 91; theirs come from a bootstrap, ours from the intervals that verdicts go by).
Methods that nothing tells apart share their places. A difference that is surely within the margin
tells nothing apart, as its verdict is "equivalent".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from ebmbench.summary.statistics.comparison import Question
from ebmbench.summary.statistics.interval import LEVEL

K = TypeVar("K")
Pair = tuple[K, K]


@dataclass(frozen=True)
class Place:
    """The ranks that a method may have, 1 being the best, among ``of`` methods."""

    first: int
    last: int
    of: int

    def __str__(self) -> str:
        """``2``, or ``1-3``."""
        return f"{self.first}" if self.first == self.last else f"{self.first}-{self.last}"


def places(methods: Sequence[K], ahead: Sequence[Pair[K]]) -> dict[K, Place]:
    """Method -> its place; ``ahead`` has a pair (better, worse) for each that is told apart."""
    better = {m: sum(worse == m for _, worse in ahead) for m in methods}
    worse = {m: sum(better == m for better, _ in ahead) for m in methods}
    n = len(methods)
    return {m: Place(1 + better[m], n - worse[m], n) for m in methods}


def told_apart(pairs: Mapping[Pair[K], Question]) -> list[Pair[K]]:
    """The pairs (better, worse) that one family of all the questions tells apart.

    Holm's procedure stage by stage: what is significant at 5 % over the number of open questions is
    settled, and those left are asked again at their larger level, until none is settled. There is
    no p and no sign-flip test: of 20 methods there are 190 pairs.
    """
    undecided = {pair: q for pair, q in pairs.items() if q.evidence.judged}
    ahead: list[Pair[K]] = []
    while undecided:
        tail = LEVEL / 2 / len(undecided)
        settled = {pair: sign for pair, q in undecided.items() if (sign := _sign(q, tail))}
        if not settled:
            break
        for pair, sign in settled.items():
            question = undecided.pop(pair)
            if not _within_margin(question, tail):
                won = (sign < 0) == (question.evidence.better == "lower")
                ahead.append(pair if won else pair[::-1])
    return ahead


def _sign(question: Question, tail: float) -> int:
    """On which side of 0 the difference surely is; 0 for neither."""
    found = question.evidence
    return int(found.low(tail) > 0) - int(found.high(tail) < 0)


def _within_margin(question: Question, tail: float) -> bool:
    found, margin = question.evidence, question.margin
    return -margin <= found.low(tail) and found.high(tail) <= margin
