"""Gates on what head did not run: they fail, lest a gate pass because its method is gone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from math import nan

from ebmbench.compare.decisions import Decision, Outcome
from ebmbench.compare.side import Side
from ebmbench.report.phrases import numbered
from ebmbench.suite.gates import Gates
from ebmbench.summary.statistics import Interval
from ebmbench.summary.value_names import metric_of

NO_LOSS = Interval(nan, nan, nan, 0)


def with_missing(
    decisions: Iterable[Decision], base: Side, head: Side, gates: Gates
) -> list[Decision]:
    """The decisions, those of methods, seeds and metrics that head does not run failed."""
    found = {(each.dataset, each.method, each.value): each for each in decisions}
    for dataset, method, value, missing in _missing(base, head, gates):
        key = (dataset, method, value)
        gate = gates[value]
        blank = Decision(*key, gate, NO_LOSS, nan, nan, "failed")
        outcome: Outcome = "failed" if gate.fail is not None else "warned"
        found[key] = replace(found.get(key, blank), outcome=outcome, missing=missing)
    return list(found.values())


def _missing(base: Side, head: Side, gates: Gates) -> Iterator[tuple[str, str, str, str]]:
    """Dataset, method, value, and what head does not run of it."""
    for dataset, method in base.planned:
        for value in gates:
            has = [seed for d, m, seed in base.ends if (d, m) == (dataset, method)
                   and value in base.ends[d, m, seed].values]  # fmt: skip
            gone = [seed for seed in has if seed not in head.head.seeds]
            if not has:
                continue
            if (dataset, method) not in head.planned:
                yield dataset, method, value, "head does not run it"
            elif metric_of(value) not in head.head.metrics:
                yield dataset, method, value, "head does not measure it"
            elif gone:
                yield dataset, method, value, f"head does not run {numbered(gone)}"
