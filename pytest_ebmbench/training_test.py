"""A test that all seeds of a method train to the end and are measured."""

from __future__ import annotations

from ebmbench.journal import Record, fate
from pytest_ebmbench.suite_test import SuiteTest, SuiteTestError


class TrainingTest(SuiteTest):
    """Fails where a seed failed, diverged or lacks a metric."""

    def runtest(self) -> None:
        """Look at what the run left."""
        journal = self.suite.journal
        records = journal.read(journal.read_run()["cells"])
        mine = [r for r in records if (r["dataset"], r["method"]) == (self.dataset, self.method)]
        lines = [f"seed {r['seed']}: {_what(r)}" for r in mine if fate(r) != "done"]
        if lines:
            raise SuiteTestError("\n".join([f"{self.method} on {self.dataset}:", *lines]))


def _what(record: Record) -> str:
    if record["status"] != "done":
        return f"{record['status']}: {record['reason']}"
    return "; ".join(f"without {metric}: {why}" for metric, why in record["unmeasured"].items())
