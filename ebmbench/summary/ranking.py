"""Who is best on a value, and whom that is held against."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

from ebmbench.summary.baseline import between
from ebmbench.summary.criteria import Criteria
from ebmbench.summary.finals import Finals
from ebmbench.summary.statistics import Comparison, Question


@dataclass(frozen=True)
class Lead:
    """Who is best on a value, and how surely.

    Attributes:
        best: the method with the best mean; seeds that it lost count as the worst value.
        rival: whom it is compared with: the method that leads on the judged value, or where that
            is ``best`` itself, the runner-up; None where ``best`` is alone.
        comparison: best - rival, in the report's family; None where nothing is claimed: ``best``
            is alone, or leads on the judged value, too.
        ranking: all methods that have the value whole, best first.
    """

    best: str
    rival: str | None
    comparison: Comparison | None
    ranking: tuple[str, ...]


def leads_of(criteria: Criteria, finals: Finals) -> dict[str, Lead]:
    """Column -> who leads on it, not yet judged; without those that nobody has whole."""
    ranking = {v: _ranking(criteria, v, finals) for v in criteria.columns}
    favourite = next(iter(ranking.get(criteria.judged or "", ())), None)
    return {v: _lead(ranks, favourite) for v, ranks in ranking.items() if ranks}


def claims_of(
    criteria: Criteria, dataset: str, leads: dict[str, Lead], finals: Finals
) -> dict[str, Question]:
    """Column -> what its lead claims: to win on the judged value, or to be ahead of its winner.

    The best of K others is picked after the fact; the winner and the runner-up are not, as the
    closest pair of all.
    """
    favourite = leads[criteria.judged].best if criteria.judged in leads else None
    asked = {}
    for value, lead in leads.items():
        is_judged = value == criteria.judged
        if lead.rival is None or (lead.best == favourite and not is_judged):
            continue
        chosen_of = 1 if is_judged else len(lead.ranking) - 1
        sides = lead.best, lead.rival
        if question := between(criteria, dataset, value, finals, sides, chosen_of):
            asked[value] = question
    return asked


def pairs_of(
    criteria: Criteria, dataset: str, ranking: tuple[str, ...], finals: Finals
) -> dict[tuple[str, str], Question]:
    """Every two of those ranked on the judged value -> the one - the other."""
    asked = {}
    for sides in combinations(ranking, 2):
        if question := between(criteria, dataset, str(criteria.judged), finals, sides):
            asked[sides] = question
    return asked


def _ranking(criteria: Criteria, value: str, finals: Finals) -> tuple[str, ...]:
    """The methods by mean, lost seeds at the worst, best first; none where no way is better."""
    better = criteria.better(value)
    means = {m: x[value].rank for m, x in finals.items() if value in x and x[value].judged}
    ranked = sorted(means, key=lambda m: means[m], reverse=better == "higher")
    return tuple(ranked) if better else ()


def _lead(ranking: tuple[str, ...], favourite: str | None) -> Lead:
    best, *others = ranking
    rival = favourite if favourite in others else next(iter(others), None)
    return Lead(best, rival, None, ranking)
