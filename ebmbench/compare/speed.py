"""A race between two revisions, in one job, round by round in turn.

Machines differ and drift, so a time is never held against a stored one. Both sides run beside each
other, one measuring while the other waits; the one that begins changes from round to round. With
the ratio head / base of each round, and over the rounds

    ratio     the median, with the interval of its order statistics (95 %, distribution-free)
    p         sign test that head is slower in more than half of the rounds, one-sided, after Holm

a gate ``seconds`` fails where the median is slower by more than the level and p < 5 %, passes where
the interval lies within the level, and is inconclusive otherwise.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from math import nan
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray
from scipy import stats

from ebmbench.compare.contender import Server, contender
from ebmbench.compare.gates import Decision, outcome_of
from ebmbench.errors import ConfigError, Problem
from ebmbench.gate_spec import SPEED, GateSpec
from ebmbench.statistics import LEVEL, Interval, holm

Names = tuple[str, str]
Tell = Callable[[str], object]


@dataclass(frozen=True)
class Pace:
    """A method's speed on both sides.

    Attributes:
        base, head: median seconds of an update.
        ratio: median of head / base, with its interval.
        p: one-sided, corrected over the methods.
    """

    dataset: str
    method: str
    base: float
    head: float
    ratio: Interval
    p: float


def race(base: str, head: str, suite: Path, rounds: int, tell: Tell) -> list[Pace]:
    """Measure every method that both sides can train.

    Raises:
        ConfigError: a side cannot be had, or cannot read the suite.
    """
    with ExitStack() as stack:
        servers = []
        for name in (base, head):
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            side = stack.enter_context(contender(name, folder))
            tell(f"starting {name}")
            servers.append(Server(side, without_gates(suite, folder)))
            stack.callback(servers[-1].stop)
        return paces(_measured(servers, rounds, tell))


def paces(measured: Mapping[Names, NDArray[np.float64]]) -> list[Pace]:
    """From the seconds of each round, (rounds, 2): base, head."""
    p = holm({"\n".join(names): _p_slower(x[:, 1] / x[:, 0]) for names, x in measured.items()})
    return [_pace(names, x, p["\n".join(names)]) for names, x in measured.items()]


def decide_speed(paces: Iterable[Pace], gate: GateSpec) -> list[Decision]:
    """What the gate says of each method."""
    return [_decision(pace, gate) for pace in paces]


def median(x: NDArray[np.float64]) -> Interval:
    """The median, between the order statistics that hold it with 95 %; NaN below 6 values."""
    ordered, n = np.sort(x), len(x)
    k = int(stats.binom.ppf(LEVEL / 2, n, 0.5))  # P(fewer than k below the median) <= 2.5 %
    low, high = (float(ordered[k - 1]), float(ordered[n - k])) if k else (nan, nan)
    return Interval(float(np.median(x)), low, high, n)


def without_gates(suite: Path, folder: Path) -> Path:
    """The suite without its gates, which an older side need not know."""
    try:
        content = yaml.safe_load(suite.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError):
        return suite  # the sides say what is wrong with it
    if not isinstance(content, dict) or "gates" not in content:
        return suite
    del content["gates"]
    stripped = folder / suite.name
    stripped.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return stripped


def _pace(names: Names, x: NDArray[np.float64], p: float) -> Pace:
    base, head = map(float, np.median(x, axis=0))
    return Pace(*names, base, head, median(x[:, 1] / x[:, 0]), p)


def _measured(
    servers: Sequence[Server], rounds: int, tell: Tell
) -> dict[Names, NDArray[np.float64]]:
    methods = [names for names in servers[0].methods if names in servers[1].methods]
    if not methods:
        raise ConfigError(Problem(servers[1].name, "", f"no method as in {servers[0].name}"))
    found: dict[Names, list[list[float]]] = {names: [] for names in methods}
    for index in range(rounds):
        tell(f"round {index + 1} of {rounds}")
        for names in methods:
            found[names].append(_round(servers, names, first=index % 2))
    return {names: np.array(seconds) for names, seconds in found.items()}


def _round(servers: Sequence[Server], names: Names, first: int) -> list[float]:
    """Seconds of base and head, measured in turn beginning with ``first``."""
    taken = {side: servers[side].round(names) for side in (first, 1 - first)}
    return [taken[0], taken[1]]


def _p_slower(ratio: NDArray[np.float64]) -> float:
    slower, faster = int((ratio > 1).sum()), int((ratio < 1).sum())
    return float(stats.binom.sf(slower - 1, slower + faster, 0.5))


def _decision(pace: Pace, gate: GateSpec) -> Decision:
    r = pace.ratio
    mean, low, high = ((x - 1) * pace.base for x in (r.mean, r.low, r.high))
    loss = Interval(mean, low, high, r.n)
    outcome = outcome_of(loss, pace.p, gate, pace.base)
    percent = 100 * (r.mean - 1)
    return Decision(pace.dataset, pace.method, SPEED, gate, loss, percent, pace.p, outcome)
