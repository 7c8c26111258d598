"""One side of a comparison: where the cells of a run, or of a committed baseline, ended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import nan
from typing import Any, NamedTuple

from ebmbench.compare.digits import rounded
from ebmbench.errors import ConfigError, Problem
from ebmbench.gate_spec import Gates, GateSpec
from ebmbench.statistics import Better
from ebmbench.summary import Record, Run, in_spectrum, ordered
from ebmbench.summary.provenance import environment_of
from ebmbench.summary.records import planned
from ebmbench.summary.scope import better_of
from ebmbench.summary.targets import Passage, first_passage, target_of

Key = tuple[str, str, int]
"""Dataset, method, seed."""


class End(NamedTuple):
    """Where a cell ended.

    Attributes:
        status: done, diverged or failed.
        reason: why, where it is not done.
        updates: of the whole training; None where it failed.
        passage: when the target was reached; None where there is none, or the cell failed.
        values: final values by name, rounded; only finite ones, and no spectra.
    """

    status: str
    reason: str | None
    updates: int | None
    passage: Passage | None
    values: Mapping[str, float]


@dataclass(frozen=True)
class Side:
    """What a comparison needs of a run.

    Attributes:
        name: as the user calls it.
        head: suite, epochs, seeds, components, metrics, report and gates as in ``run.json``, and
            environment.
        planned: (dataset, method) that are run.
        ends: where the cells that have a record ended.
    """

    name: str
    head: Mapping[str, Any]
    planned: tuple[tuple[str, str], ...]
    ends: Mapping[Key, End]

    @property
    def values(self) -> list[str]:
        """Names of the final values, in the order of the metrics."""
        return list(dict.fromkeys(name for end in self.ends.values() for name in end.values))

    @property
    def gates(self) -> Gates:
        """The suite's own gates."""
        return {name: GateSpec(**gate) for name, gate in self.head.get("gates", {}).items()}

    def better(self, value: str) -> Better | None:
        """Which way is better; None where neither is."""
        return better_of(self.head, target_of(self.head), value)

    def margin(self, value: str) -> float:
        """A difference not worth having; 0 where the suite gives none."""
        return float((self.head["report"].get("margin") or {}).get(value, 0.0))

    def value(self, key: Key, value: str) -> float:
        """A final value; NaN where there is none."""
        end = self.ends.get(key)
        return nan if end is None else end.values.get(value, nan)


HEAD = ("suite", "epochs", "seeds", "components", "metrics", "report")


def side_of_run(name: str, run: Run, records: Iterable[Record]) -> Side:
    """The side that a run is.

    Raises:
        ConfigError: the run does not say of which versions its components are.
    """
    if "components" not in run:
        problem = "does not say which versions of datasets and metrics it was made with"
        remedy = "Give the command that made it again; what is finished is not trained anew."
        raise ConfigError(Problem(f"{name}/run.json", "", problem, remedy))
    kept = ordered(run, records)
    environment = {key: "; ".join(found) for key, found in environment_of(kept).items()}
    pairs = tuple((d, m) for d in run["datasets"] for m in planned(run, d))
    ends = {(r["dataset"], r["method"], r["seed"]): _end(run, r) for r in kept}
    head = {**{key: run[key] for key in HEAD}, "gates": run.get("gates", {})}
    return Side(name, {**head, "environment": environment}, pairs, ends)


def _end(run: Run, record: Record) -> End:
    """A seed that diverged has no final values, and never reached the target."""
    status, cost, target = record["status"], record["cost"], target_of(run)
    trained = target is not None and status != "failed" and run["epochs"] > 0
    return End(
        status,
        record["reason"],
        cost["updates"] if cost else None,
        first_passage(target, record) if target is not None and trained else None,
        _finals(record) if status == "done" else {},
    )


def _finals(record: Record) -> dict[str, float]:
    last = {name: curve["value"][-1:] for name, curve in record["curves"].items()}
    return {
        name: rounded(value)
        for name, found in last.items()
        if not in_spectrum(name)
        for value in found
        if value is not None
    }
