"""A test that a method has not become worse than its gate allows."""

from __future__ import annotations

from typing import Any

import pytest

from ebmbench.compare.wording import message
from pytest_ebmbench.suite_test import SuiteTest, SuiteTestError

NO_BASELINE = "no baseline to compare with; make one: ebmbench baseline RUN -o baselines/NAME.jsonl"


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
