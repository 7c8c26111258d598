"""A run's description and its records, as the journal stores them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Run = Mapping[str, Any]
Record = Mapping[str, Any]


def ordered(run: Run, records: Iterable[Record]) -> list[Record]:
    """The records of the run's cells: by dataset, method and seed in the suite's order."""
    cells = set(run["cells"])
    kept = [record for record in records if record["id"] in cells]
    return sorted(kept, key=lambda r: (*_place(run, r), r["seed"], r["id"]))


def planned(run: Run, dataset: str) -> list[str]:
    """The methods that run on ``dataset``: all but those skipped as a whole."""
    skipped = {
        s["method"] for s in run["skips"] if s["dataset"] == dataset and s["what"] == "method"
    }
    return [m for m in run["methods"] if m not in skipped]


def _place(run: Run, record: Record) -> tuple[int, int]:
    return run["datasets"].index(record["dataset"]), run["methods"].index(record["method"])
