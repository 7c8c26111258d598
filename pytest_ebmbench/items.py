"""The tests of a suite: that a method trains, and that its gates hold.

A failure is a message, not a traceback.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

import pytest

from ebmbench.api.finished import Run
from ebmbench.compare.decisions import Decision
from ebmbench.compare.wording import message
from ebmbench.errors import EbmbenchError
from ebmbench.journal.documents import CellRecord

NO_BASELINE = "no baseline to compare with; make one: ebmbench baseline RUN -o baselines/NAME.jsonl"


class SuiteTestError(Exception):
    """A suite's test failed; the message says all."""


class RunSuite(Protocol):
    """What a test asks of the suite it stands in.

    Attributes:
        run: of the suite.
        baseline: what gates are held against; None where there is nothing.
    """

    @property
    def run(self) -> Run: ...

    @property
    def baseline(self) -> Path | None: ...

    def decision(self, dataset: str, method: str, value: str) -> Decision | None:
        """What a gate says; None where the two sides do not both have the value."""


class SuiteTest(pytest.Item):
    """A test about a method on a dataset."""

    def __init__(self, *, dataset: str, method: str, **others: Any) -> None:
        super().__init__(**others)
        self.dataset = dataset
        self.method = method

    @property
    def suite(self) -> RunSuite:
        """The suite it stands in."""
        return self.parent  # type: ignore[return-value]

    def repr_failure(self, excinfo: Any, style: Any = None) -> Any:
        """The message alone where we know what is wrong."""
        if isinstance(excinfo.value, SuiteTestError | EbmbenchError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where it stands."""
        return self.path, 0, self.name


class TrainingTest(SuiteTest):
    """Fails where a seed failed, diverged or lacks a metric."""

    def runtest(self) -> None:
        """Look at what the run left."""
        mine = [
            r
            for r in self.suite.run.records
            if (r.dataset, r.method) == (self.dataset, self.method)
        ]
        lines = [f"seed {r.seed}: {_what(r)}" for r in mine if r.fate != "done"]
        if lines:
            raise SuiteTestError("\n".join([f"{self.method} on {self.dataset}:", *lines]))


class GateTest(SuiteTest):
    """Fails where the gate does; what is inconclusive is skipped, and says what would settle it."""

    def __init__(self, *, value: str, **others: Any) -> None:
        super().__init__(**others)
        self.value = value

    def runtest(self) -> None:
        """Ask the gate."""
        if self.suite.baseline is None:
            pytest.skip(NO_BASELINE)
        decision = self.suite.decision(self.dataset, self.method, self.value)
        if decision is None:
            pytest.skip(f"no {self.value} of {self.method} on {self.dataset} on both sides")
        if decision.outcome == "failed":
            raise SuiteTestError(message(decision))
        if decision.outcome == "inconclusive":
            pytest.skip(message(decision))
        self.add_report_section("call", "gate", message(decision))


def _what(record: CellRecord) -> str:
    if record.status != "done":
        return f"{record.status}: {record.reason}"
    return "; ".join(f"without {metric}: {why}" for metric, why in record.unmeasured.items())
