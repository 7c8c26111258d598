"""How the best of n trials improves with n."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ebmbench.interfaces.metric import Direction
from ebmbench.journal.documents import MethodTuning


@dataclass(frozen=True)
class SearchCurve:
    """How the best of n trials improves with n.

    Attributes:
        trials: n, from 1.
        expected: the mean of what decides over the seeds, of the best of n.
    """

    trials: tuple[int, ...]
    expected: tuple[float, ...]


def search_curve(tuned: MethodTuning, better: Direction) -> SearchCurve | None:
    """The expected best of n of the trials that were made, drawn with replacement.

    Dodge et al. (2019), *Show your work: improved reporting of experimental results*, eq. 1. A
    trial that was lost counts as the worst of the others. None where all were lost, or where trials
    did not go equally far.
    """
    known = sorted(t.mean for t in tuned.trials if not t.is_lost)
    if not known or len({trial.epochs for trial in tuned.trials}) > 1:
        return None
    if better == "higher":
        known.reverse()
    worst = known[-1]
    values = [*known, *[worst] * (len(tuned.trials) - len(known))]  # the best first
    count = len(values)
    numbers = tuple(range(1, count + 1))
    return SearchCurve(numbers, tuple(_expected_best(values, n) for n in numbers))


def _expected_best(values: Sequence[float], n: int) -> float:
    """Of n draws with replacement from values, the best first."""
    count = len(values)
    # P(the best is value i) = P(none before i) - P(none before i + 1)
    none_before = [((count - i) / count) ** n for i in range(count + 1)]
    return sum(x * (none_before[i] - none_before[i + 1]) for i, x in enumerate(values))
