"""Gates as a suite or a command line writes them: how much worse a value may become."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated

from pydantic import Field, model_validator

from ebmbench.errors import ConfigError, Problem
from ebmbench.interfaces.component import Options
from ebmbench.suite.spelling import spelled

PERCENT = r"[0-9]{1,9}(\.[0-9]*)?\s*%"
NEVER_WARNS = (
    "never warns: from there on, or from less, it fails",
    "Warn from less than fail, or leave the warning out.",
)
SPEED = "seconds"  # per update: gated between two revisions in one job, never against stored times

Level = Annotated[str, *spelled(PERCENT, "a share such as 5%")] | Annotated[float, Field(ge=0)]
"""How far the mean may move in the bad direction: 5% of the base's mean, or in the value's unit."""


class GateSpec(Options):
    """Two levels of one value; at least one is given."""

    warn: Level | None = Field(None, description="Level from which to warn: 2%, or an amount")
    fail: Level | None = Field(None, description="Level from which to fail: 5%, or an amount")

    @model_validator(mode="after")
    def _some_level(self) -> GateSpec:
        if self.warn is None and self.fail is None:
            raise ValueError("give fail, warn or both")
        return self


Gates = dict[str, GateSpec]
"""Value name -> its gate."""


def gates_of(written: dict[str, GateSpec | Level]) -> Gates:
    """Gates in full: ``hamming.test: 5%`` is short for ``hamming.test: {fail: 5%}``."""
    return {
        name: each if isinstance(each, GateSpec) else GateSpec(fail=each)
        for name, each in written.items()
    }


def value_gates(gates: Gates) -> Gates:
    """Those of values: all but that of speed."""
    return {name: gate for name, gate in gates.items() if name != SPEED}


def with_options(gates: Gates, fail_on: Iterable[str], warn_on: Iterable[str]) -> Gates:
    """Gates with those of the command line laid over them.

    Where it fails from less than the suite warns, the suite's warning is dropped.

    Raises:
        ConfigError: one of the texts is not ``VALUE: LEVEL``, or a warning asked for never comes.
    """
    texts = [("fail", "--fail-on", text) for text in fail_on]
    texts += [("warn", "--warn-on", text) for text in warn_on]
    laid = dict(gates)
    for kind, option, text in texts:
        name, level = _parsed(option, text)
        known = laid[name].model_dump() if name in laid else {}
        laid[name] = GateSpec(**{**known, kind: level})
        if never_warns(laid[name]):
            if kind == "warn":
                raise ConfigError(Problem(f"{option} '{text}'", "", *NEVER_WARNS))
            laid[name] = GateSpec(fail=level)
    return laid


def never_warns(gate: GateSpec) -> bool:
    """Whether the gate fails wherever it would warn, as far as its levels can be compared."""
    warn, fail = gate.warn, gate.fail
    if warn is None or fail is None or isinstance(warn, str) != isinstance(fail, str):
        return False
    return allowed(warn, 1.0) >= allowed(fail, 1.0)


def allowed(level: Level, mean: float) -> float:
    """The level in the value's unit, where the base's mean is ``mean``."""
    if isinstance(level, str):
        return float(level.rstrip("% \t")) / 100 * abs(mean)
    return level


def _parsed(option: str, text: str) -> tuple[str, Level]:
    name, _, level = (part.strip() for part in text.rpartition(":"))
    if name and re.fullmatch(PERCENT, level):
        return name, level
    try:
        amount = float(level)
    except ValueError:
        amount = -1.0
    if not name or not 0 <= amount < float("inf"):
        remedy = "Write VALUE: LEVEL, such as 'hamming.test: 5%' or 'nll.test: 0.1'."
        raise ConfigError(Problem(f"{option} '{text}'", "", "not a gate", remedy))
    return name, amount
