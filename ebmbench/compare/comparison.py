"""A whole comparison: from two sides to verdicts, gates and an exit code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import isfinite, isinf, isnan

import numpy as np

from ebmbench.compare.across import Across, across_datasets
from ebmbench.compare.alike import changed_methods, require_alike
from ebmbench.compare.decisions import Decision, decide, require_known, with_missing
from ebmbench.compare.matched import Matched, common_seeds, match
from ebmbench.compare.passages import Reached, reached
from ebmbench.compare.profile import Profile, profiles
from ebmbench.compare.side import Key, Side
from ebmbench.report.phrases import numbered
from ebmbench.suite.gates import Gates
from ebmbench.summary.targets import Target, target_of

FINE, GATE_FAILED, CELLS_FAILED, INCONCLUSIVE = 0, 1, 3, 4


@dataclass(frozen=True)
class Lost:
    """A cell that base finished and head did not, or a value that only base has."""

    dataset: str
    method: str
    seed: int
    reason: str


@dataclass(frozen=True)
class Compared:
    """Head against base.

    Attributes:
        base, head: their names, as the user calls them.
        suite: head's.
        target: head's; None where its suite sets none.
        matched: every value that both have.
        reached: time to target, where both have one in common.
        across, profiles: where there are several datasets.
        decisions: what the gates say.
        lost: cells and values that head lost.
        only_base: methods that head does not run, on a dataset of both.
        notices: what a reader must know of the two sides.
        environments: of base and head.
    """

    base: str
    head: str
    suite: str
    target: Target | None
    matched: tuple[Matched, ...]
    reached: tuple[Reached, ...]
    across: tuple[Across, ...]
    profiles: tuple[Profile, ...]
    decisions: tuple[Decision, ...]
    lost: tuple[Lost, ...]
    only_base: tuple[str, ...]
    notices: tuple[str, ...]
    environments: tuple[Mapping[str, str], Mapping[str, str]]

    @property
    def failed(self) -> list[Decision]:
        """The gates that failed."""
        return [each for each in self.decisions if each.outcome == "failed"]

    @property
    def open(self) -> bool:
        """Whether something is inconclusive: a gate, or where there is none, a comparison."""
        if self.decisions:
            return bool(self.only_base) or any(
                each.outcome == "inconclusive" for each in self.decisions
            )
        return any(each.comparison.verdict == "inconclusive" for each in self.matched)

    def exit_code(self, strict: bool) -> int:
        """1 a gate failed, 3 cells failed, 4 inconclusive (if ``strict``), 0 fine."""
        if self.failed:
            return GATE_FAILED
        if self.lost:
            return CELLS_FAILED
        return INCONCLUSIVE if strict and self.open else FINE


def exit_code(decisions: Iterable[Decision], strict: bool) -> int:
    """Of gates alone: 1 one failed, 4 one is inconclusive (if ``strict``), 0 fine."""
    outcomes = {each.outcome for each in decisions}
    if "failed" in outcomes:
        return GATE_FAILED
    return INCONCLUSIVE if strict and "inconclusive" in outcomes else FINE


@np.errstate(over="ignore", invalid="ignore")  # what is larger than any number is infinite
def compare_sides(base: Side, head: Side, gates: Gates) -> Compared:
    """Head against base, with these gates.

    Raises:
        ConfigError: the sides are unlike, or a gate is on no value of theirs.
    """
    require_alike(base, head)
    values = dict.fromkeys(v for side in (base, head) for v in side.values if side.better(v))
    require_known(gates, list(values))
    matched = match(base, head)
    return Compared(
        base=base.name,
        head=head.name,
        suite=head.head.suite,
        target=target_of(head.head.report),
        matched=tuple(matched),
        reached=tuple(reached(base, head)),
        across=tuple(across_datasets(matched)),
        profiles=tuple(profiles(base, head, matched)),
        decisions=tuple(with_missing(decide(matched, gates), base, head, gates)),
        lost=tuple(_lost(base, head)),
        only_base=tuple(_alone(base, head)),
        notices=(*_notices(base, head), *_without_value(matched)),
        environments=(base.head.environment, head.head.environment),
    )


def _lost(base: Side, head: Side) -> Iterator[Lost]:
    seeds = common_seeds(base, head)
    for dataset, method in base.planned:
        for seed in seeds if (dataset, method) in head.planned else ():
            key = (dataset, method, seed)
            if key in base.ends and (reason := _loss(base, head, key)):
                yield Lost(*key, reason)


def _loss(base: Side, head: Side, key: Key) -> str | None:
    """Why a cell of base is lost to head; None if it is not."""
    before, after = base.ends[key], head.ends.get(key)
    if before.status != "done":
        return None
    if after is None:
        return "has no record"
    if after.status != "done":
        return f"{after.status}: {after.reason}" if after.reason else after.status
    kept = [v for v in before.values if v.split(".")[0] in head.head.metrics]
    missing = [v for v in kept if not isfinite(head.value(key, v))]
    return f"without {', '.join(missing)}" if missing else None


def _notices(base: Side, head: Side) -> Iterator[str]:
    mine, theirs = base.head, head.head
    if str(mine.train) != str(theirs.train):
        yield f"{base.name} trained {mine.train}, {head.name} {theirs.train}."
    if set(mine.seeds) != set(theirs.seeds):
        counts = f"{len(mine.seeds)} and {len(theirs.seeds)}"
        yield f"{len(common_seeds(base, head))} seeds in common, of {counts}."
    for one, other in ((base, head), (head, base)):
        if alone := _alone(one, other):
            yield f"Only in {one.name}: {_listed(alone)}."
    if changes := changed_methods(base, head):
        yield f"Methods differ: {_listed(changes)}."


def _without_value(matched: Iterable[Matched]) -> Iterator[str]:
    """Values that are missing on some seeds where others have them."""
    for m in matched:
        neither = [
            seed
            for seed, one, other in zip(m.seeds, m.base, m.head, strict=True)
            if isnan(one) and isnan(other)
        ]
        gained = [seed for seed, one in zip(m.seeds, m.base, strict=True) if isinf(one)]
        name = f"{m.dataset}: {m.method}: {m.value}"
        if neither:
            yield f"{name} has no value on either side at {numbered(neither)}: left out."
        if gained:
            yield f"{name} has no value in base at {numbered(gained)}."


def _alone(one: Side, other: Side) -> list[str]:
    return [f"{m} on {d}" for d, m in one.planned if (d, m) not in other.planned]


def _listed(lines: Iterable[str]) -> str:
    return "; ".join(lines)
