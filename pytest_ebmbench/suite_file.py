"""A suite as a file of tests: it runs once, at the first of them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import pytest

from ebmbench.api.planning import planned
from ebmbench.compare import Compared, Decision, compare_sides, open_side
from ebmbench.errors import EbmbenchError
from ebmbench.journal.journal import Journal
from ebmbench.numerics.threads import cores
from ebmbench.plan.plan import Plan
from ebmbench.running.progress import Silent
from ebmbench.running.run_document import run_document
from ebmbench.running.runner import Rerun, run_plan
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
        values = value_gates(gates_of(self.plan.suite.spec.gates))
        for dataset, method in recipes:
            names = {"dataset": dataset, "method": method}
            yield TrainingTest.from_parent(self, name=f"{dataset}: {method}: trains", **names)
            for value in values:
                name = f"{dataset}: {method}: {value}"
                yield GateTest.from_parent(self, name=name, value=value, **names)
        yield from benchmarks(self, recipes)

    @cached_property
    def plan(self) -> Plan:
        """What the suite runs."""
        return planned(self.path, Overrides())

    @cached_property
    def journal(self) -> Journal:
        """The journal of the suite, run: what is finished in it is not run again."""
        journal = Journal(self.runs / self.plan.suite.spec.suite)
        journal.write_run(run_document(self.plan, f"pytest --ebmbench {self.path.name}"))
        run_plan(self.plan, journal, cores(), Rerun(), Silent())
        return journal

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
        head = open_side(self.journal.folder, self.runs)
        return compare_sides(open_side(self.baseline, self.runs), head, head.value_gates)

    def decision(self, dataset: str, method: str, value: str) -> Decision | None:
        """What a gate says; None where the two sides do not both have the value."""
        wanted = (dataset, method, value)
        found = (d for d in self.compared.decisions if (d.dataset, d.method, d.value) == wanted)
        return next(found, None)
