"""A suite as a file of tests: it runs once, at the first of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cached_property
from pathlib import Path

import pytest

from ebmbench.api.execute import RunOptions
from ebmbench.api.executors import ExecutorChoice
from ebmbench.api.finished import Run
from ebmbench.api.planning import Asked
from ebmbench.api.tuning import carried_out
from ebmbench.compare import Compared, Decision, open_side
from ebmbench.errors import EbmbenchError
from ebmbench.plan.plan import Plan
from ebmbench.running.progress import Watcher
from ebmbench.running.runner import Rerun
from ebmbench.suite.gates import gates_of, value_gates
from ebmbench.suite.overrides import Overrides
from pytest_ebmbench.benchmarks import benchmarks
from pytest_ebmbench.items import GateTest, TrainingTest


class SuiteFile(pytest.File):
    """For each method on each dataset: whether it trains, its gates, and what an update costs."""

    def collect(self) -> Iterator[pytest.Item]:
        """The tests; nothing has run yet."""
        try:
            recipes = {(r.dataset_name, r.method_name): r for r in self.plan.recipes}
        except EbmbenchError as error:
            raise self.CollectError(str(error)) from None
        for dataset, method in recipes:
            names = {"dataset": dataset, "method": method}
            yield TrainingTest.from_parent(self, name=f"{dataset}: {method}: trains", **names)
            yield from self._gates(dataset, method)
        for dataset, method in self._gone(recipes):
            yield from self._gates(dataset, method)
        yield from benchmarks(self, recipes)

    def _gates(self, dataset: str, method: str) -> Iterator[pytest.Item]:
        for value in value_gates(gates_of(self.plan.suite.spec.gates)):
            name = f"{dataset}: {method}: {value}"
            names = {"dataset": dataset, "method": method, "value": value}
            yield GateTest.from_parent(self, name=name, **names)

    def _gone(self, recipes: Collection[tuple[str, str]]) -> list[tuple[str, str]]:
        """What the baseline has and the suite no longer runs: its gates fail."""
        try:
            base = self.baseline and open_side(self.baseline, self.runs)
        except EbmbenchError:  # the gates themselves say so
            return []
        return [pair for pair in base.planned if pair not in recipes] if base else []

    @cached_property
    def plan(self) -> Plan:
        """What the suite runs."""
        return self._asked.planned()

    @cached_property
    def run(self) -> Run:
        """The run of the suite: what is finished in it is not run again."""
        command = f"pytest --ebmbench {self.path.name}"
        options = RunOptions(self.runs, ExecutorChoice(), Rerun(), command)
        return carried_out(
            self._asked, self.plan, options, lambda scene: Watcher(), lambda text: None
        )

    @cached_property
    def _asked(self) -> Asked:
        return Asked(self.path, Overrides())

    @property
    def runs(self) -> Path:
        """Where runs are kept."""
        runs: Path = self.config.invocation_params.dir / self.config.getoption("--ebmbench-runs")
        return runs

    @cached_property
    def baseline(self) -> Path | None:
        """What gates are held against; None where there is nothing."""
        named: str | None = self.config.getoption("--ebmbench-baseline")
        if named is not None:
            return self.config.invocation_params.dir / named
        beside = self.path.parents[1] / "baselines" / f"{self.plan.suite.spec.suite}.jsonl"
        return beside if beside.is_file() else None

    @cached_property
    def compared(self) -> Compared:
        """The run held against the baseline."""
        assert self.baseline is not None  # gates without one are skipped before they ask
        return self.run.compare(self.baseline).compared

    def decision(self, dataset: str, method: str, value: str) -> Decision | None:
        """What a gate says; None where the two sides do not both have the value."""
        wanted = (dataset, method, value)
        found = (d for d in self.compared.decisions if (d.dataset, d.method, d.value) == wanted)
        return next(found, None)
