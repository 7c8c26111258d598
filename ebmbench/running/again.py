"""Why cells are to run that ran before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from ebmbench.journal.journal import Journal
from ebmbench.plan.cell import Cell
from ebmbench.plan.changes import changes
from ebmbench.plan.plan import Plan

MOST_CHANGES = 3  # that are told of a cell
UNKNOWN = "what the results there are made of was not stored"


def why_again(plan: Plan, journal: Journal, missing: Iterable[Cell]) -> Mapping[str, int]:
    """The number of cells by the reason why there is a result, but another one is needed.

    Args:
        plan: what is run.
        journal: what is there.
        missing: the cells that are to run; those without any result are left out, and those that
            run again as they are.
    """
    there = journal.ids()
    by_name: dict[str, list[str]] = {}
    for id_ in there:
        by_name.setdefault(Cell.name_of(id_), []).append(id_)
    told: dict[tuple[str, ...], str] = {}
    reasons = Counter[str]()
    for cell in missing:
        others = by_name.get(Cell.name_of(cell.id), [])
        if others and cell.id not in there:
            recipe = cell.recipe
            digests = tuple(sorted(map(Cell.digest_of, others)))
            key = (recipe.dataset_name, recipe.method_name, *digests)
            if key not in told:
                told[key] = _why(plan, journal, cell, digests)
            reasons[told[key]] += 1
    return dict(reasons.most_common())


def _why(plan: Plan, journal: Journal, cell: Cell, digests: Iterable[str]) -> str:
    """What has changed since the result that is the nearest."""
    now = plan.inputs[cell.recipe.dataset_name, cell.recipe.method_name]
    stored = (journal.inputs(digest) for digest in digests)
    found = [changes(before, now) for before in stored if before is not None]
    if not found:
        return UNKNOWN
    least = min(found, key=len)
    more = len(least) - MOST_CHANGES
    return "; ".join([*least[:MOST_CHANGES], *([f"and {more} more"] if more > 0 else [])])
