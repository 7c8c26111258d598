"""Gates: when a method has become too much worse.

The loss of a seed is how much worse its head is than its base, paired: head - base where lower is
better, base - head where higher is. With the mean loss over the paired seeds, a gate

    fails         the mean loss exceeds the level ``fail``, and is above 0 by a one-sided t-test at
                  5 % after Holm's correction over everything gated in the comparison
    warns         the same of the level ``warn``
    passes        the 95 % interval of the mean loss lies below the level
    inconclusive  otherwise: the seeds can neither show nor rule out a loss of that size

A level in per cent is of the absolute mean of the base. It is never less than the suite's margin
for the value, a difference not worth having, nor than what rounding does. By the test, noise alone
fails some gate of a comparison in at most one of twenty; by the level, a small loss that many seeds
make certain does not fail.

Tied values. Where half or more of a side's values or of the losses are one and the same number, as
where two of three seeds are as before and one is not, the interval is no surer than the share of
seeds that was not met allows (see above): such a gate does not pass until there are seeds enough.
It may fail: had nothing changed, both sides would have the same distribution, tied or not. A
method whose cells all ended alike, to rounding, in everything that both sides measured,
is made of the same numbers: it has no loss and passes, however few the seeds, which says that
nothing changed on these seeds, and nothing of others. Seeds that head alone lost count as the worst
value where a gate would pass, and are left out where it would fail; below 3 pairs none fails.
What head does not run at all, a method, a metric or a seed of base, fails its gates whatever else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import inf, isnan, nan
from typing import Literal

from ebmbench.compare.matched import Matched
from ebmbench.compare.side import Side
from ebmbench.errors import ConfigError, Problem, did_you_mean
from ebmbench.report.phrases import numbered
from ebmbench.suite.gates import SPEED, Gates, GateSpec, Level, allowed
from ebmbench.summary.statistics import (
    LEVEL,
    Interval,
    More,
    holm,
    more_to_differ,
    more_to_lie_within,
)
from ebmbench.summary.value_names import metric_of

Outcome = Literal["passed", "warned", "failed", "inconclusive"]
NO_LOSS = Interval(nan, nan, nan, 0)


@dataclass(frozen=True)
class Decision:
    """What a gate says of a method on a dataset.

    Attributes:
        gate: the levels as written.
        loss: mean loss with its interval, in the value's unit.
        percent: the same in per cent of the base's mean; NaN where that is 0.
        p: one-sided, corrected over all decisions of the comparison.
        lost: seeds that head alone lost, and base alone.
        more_seeds: that would settle an inconclusive one, and the ends of that guess; None where
            no reasonable number would.
        missing: what of base head does not run at all; "" where it runs everything.
    """

    dataset: str
    method: str
    value: str
    gate: GateSpec
    loss: Interval
    percent: float
    p: float
    outcome: Outcome
    lost: tuple[int, int] = (0, 0)
    more_seeds: More = (None, None, None)
    missing: str = ""

    @property
    def name(self) -> str:
        """``bars4: CD-2: hamming.test``."""
        return f"{self.dataset}: {self.method}: {self.value}"


def require_known(gates: Gates, values: Sequence[str]) -> None:
    """Check that gates are on ``values``, those that can be compared.

    Raises:
        ConfigError: one is not.
    """
    problems = [_unknown(name, values) for name in gates if name not in values]
    if problems:
        raise ConfigError(problems)


def decide(matched: Iterable[Matched], gates: Gates) -> list[Decision]:
    """A decision for each method, dataset and gated value."""
    gated = {_key(each): each for each in matched if each.value in gates}
    raw = {key: each.evidence.p_worse for key, each in gated.items()}
    p = holm({key: x for key, x in raw.items() if not isnan(x)})
    return [
        _decision(each, gates[each.value], p.get(key, nan), len(p)) for key, each in gated.items()
    ]


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


def outcome_of(loss: Interval, p: float, gate: GateSpec, mean: float, least: float = 0) -> Outcome:
    """What a gate says of a loss.

    NaNs (fewer than two pairs) hold for nothing and stay inconclusive.

    Args:
        loss: mean and interval, in the value's unit.
        p: one-sided and corrected.
        mean: the base's, of which per cent are taken.
        least: a loss that never counts.
    """
    levels = levels_of(gate, mean, least)
    for kind, level in levels.items():
        if loss.mean > level and p < LEVEL:
            return kind
    return "passed" if loss.high <= max(levels.values()) else "inconclusive"


def levels_of(gate: GateSpec, mean: float, least: float) -> dict[Outcome, float]:
    """The levels in the value's unit, the gravest first."""
    both: dict[Outcome, Level | None] = {"failed": gate.fail, "warned": gate.warn}
    return {kind: max(allowed(x, mean), least) for kind, x in both.items() if x is not None}


def _decision(m: Matched, gate: GateSpec, p: float, family: int) -> Decision:
    loss, mean, least = m.loss, m.means[0].mean, m.comparison.margin
    outcome = outcome_of(loss, p, gate, mean, least)
    level = max(levels_of(gate, mean, least).values())
    more = _more_seeds(m, loss, level, family) if outcome == "inconclusive" else (None, None, None)
    percent = 100 * loss.mean / abs(mean) if mean else nan
    lost = m.evidence.lost
    return Decision(m.dataset, m.method, m.value, gate, loss, percent, p, outcome, lost, more)


def _more_seeds(m: Matched, loss: Interval, level: float, family: int) -> More:
    """Seeds that would show a loss beyond the level to be one, or a smaller one to lie below it."""
    if loss.mean > level:
        return more_to_differ(m.evidence, LEVEL / max(family, 1))
    ends = (-inf, level) if m.better == "lower" else (-level, inf)
    return more_to_lie_within(m.evidence, *ends)


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


def _unknown(name: str, values: Sequence[str]) -> Problem:
    place = f"gate '{name}'"
    if name == SPEED:
        remedy = "Measure both sides in one job: ebmbench compare --speed BASE HEAD SUITE."
        return Problem(place, "", "time is never compared with a stored time", remedy)
    problem = "no such value that knows a better"
    return Problem(place, "", problem, did_you_mean(name, values))


def _key(m: Matched) -> str:
    return f"{m.dataset}\n{m.method}\n{m.value}"
