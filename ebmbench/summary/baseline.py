"""Every method against the baseline, value by value."""

from __future__ import annotations

from ebmbench.journal.documents import RunDocument
from ebmbench.summary.criteria import Criteria
from ebmbench.summary.finals import Finals
from ebmbench.summary.statistics import Question, evidence
from ebmbench.summary.variants import coordinates, variant_of


def baseline_of(run: RunDocument, method: str) -> str | None:
    """What a method is compared with: the baseline; of a swept one, its variant there.

    There is where the swept values are those of ``method`` on every axis that both run along.
    """
    baseline = run.report.baseline
    if baseline is None or baseline in run.methods:
        return baseline
    variants = [m for m in run.methods if variant_of(run, "methods", m).origin == baseline]
    beside = [m for m in variants if _stand_together(run, m, method)]
    return beside[0] if len(beside) == 1 else None


def against_baseline(
    criteria: Criteria, dataset: str, value: str, finals: Finals
) -> dict[str, Question]:
    """Method -> method - baseline, of all that both have whole; none where no way is better."""
    asked = {}
    for method in finals:
        baseline = baseline_of(criteria.run, method)
        if baseline in finals and baseline != method:
            question = between(criteria, dataset, value, finals, (method, baseline))
            if question is not None and len(question.evidence.d):
                asked[method] = question
    return asked


def between(
    criteria: Criteria,
    dataset: str,
    value: str,
    finals: Finals,
    sides: tuple[str, str],
    chosen_of: int = 1,
) -> Question | None:
    """The one - the other on a value; None where a side does not have it whole."""
    better = criteria.better(value)
    one, other = (finals[side].get(value) for side in sides)
    if better is None or not (one and one.judged and other and other.judged):
        return None
    found = evidence(one.seeds, other.seeds, better, criteria.bounds(dataset, value))
    about = (dataset, value, frozenset(sides))
    return Question(found, criteria.margin(value) or 0.0, chosen_of, about)


def _stand_together(run: RunDocument, one: str, other: str) -> bool:
    mine, theirs = coordinates(run, "methods", one), coordinates(run, "methods", other)
    shared = mine.keys() & theirs.keys()
    return bool(shared) and all(mine[axis] == theirs[axis] for axis in shared)
