"""Who is best on a value, and how surely."""

from __future__ import annotations

from dataclasses import dataclass

from ebmbench.summary.criteria import Criteria
from ebmbench.summary.finals import Finals
from ebmbench.summary.statistics import Comparison, compare, interval


@dataclass(frozen=True)
class Lead:
    """Who is best on a value, and how surely.

    Attributes:
        best: the method with the best mean.
        rival: whom it is compared with: the method that leads on the judged value, or where that
            is ``best`` itself, the runner-up; None where ``best`` is alone.
        comparison: best - rival.
        ranking: all methods that have the value, best first.
    """

    best: str
    rival: str | None
    comparison: Comparison | None
    ranking: tuple[str, ...]


def leads_of(criteria: Criteria, finals: Finals) -> dict[str, Lead]:
    """Column -> who leads on it; without those that nobody has or that know no better."""
    ranking = {v: _ranking(criteria, v, finals) for v in criteria.columns}
    favourite = next(iter(ranking.get(criteria.judged or "", ())), None)
    return {
        v: _lead(criteria, v, finals, ranks, favourite) for v, ranks in ranking.items() if ranks
    }


def _ranking(criteria: Criteria, value: str, finals: Finals) -> tuple[str, ...]:
    """The methods by mean, best first; none where no way is better."""
    better = criteria.better(value)
    means = {m: i.mean for m, x in finals.items() if (i := interval(x.get(value, ()))).n}
    ranked = sorted(means, key=lambda m: means[m], reverse=better == "higher")
    return tuple(ranked) if better else ()


def _lead(
    criteria: Criteria, value: str, finals: Finals, ranking: tuple[str, ...], favourite: str | None
) -> Lead:
    best, *others = ranking
    rival = favourite if favourite in others else next(iter(others), None)
    better = criteria.better(value)
    if rival is None or better is None:
        return Lead(best, None, None, ranking)
    pair = compare(finals[best][value], finals[rival][value], better, criteria.margin(value))
    return Lead(best, rival, pair, ranking)
