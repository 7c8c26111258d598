"""A run's records as flat rows, for whoever wants to compute something else.

Rows come in the suite's order of datasets, methods and seeds, whatever the order of the records.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from math import isfinite
from typing import Any, Literal

from ebmbench.journal.documents import CellRecord, RunDocument
from ebmbench.summary import Row, ordered, summarise
from ebmbench.training.stopwatch import PHASES

What = Literal["values", "cost"]
Format = Literal["jsonl", "csv"]
Line = dict[str, Any]

VALUES = ("dataset", "method", "seed", "metric", "epoch", "update", "seconds", "value")
COST = (
    "dataset",
    "method",
    "updates",
    "update_seconds",
    "data_seconds",
    "negative_seconds",
    "optimizer_seconds",
    "macs",
    "randoms",
    "bytes",
    "negative_macs",
    "negative_randoms",
    "negative_bytes",
    "train_seconds",
    "train_macs",
)
COLUMNS: dict[What, Sequence[str]] = {"values": VALUES, "cost": COST}


def export(
    run: RunDocument,
    records: Iterable[CellRecord],
    what: What,
    format: Format,  # noqa: A002
) -> Iterator[str]:
    """The lines of an export, each with its newline.

    Args:
        run: the run's description; only its cells are exported.
        records: what is there of them.
        what: ``values``: a row per measured value. ``cost``: a row per method, the mean over its
            seeds: updates of a training, then seconds and counts per update of one replica, and
            what its training came to: the typical update's seconds and its multiply-adds, times
            the updates.
        format: ``jsonl``, or ``csv`` with a heading.
    """
    return WRITERS[format](COLUMNS[what], rows_of(what, run, records))


def rows_of(what: What, run: RunDocument, records: Iterable[CellRecord]) -> Iterator[Line]:
    """The rows of an export, each with at least its :data:`COLUMNS`."""
    return CONTENTS[what](run, records)


def _values(run: RunDocument, records: Iterable[CellRecord]) -> Iterator[Line]:
    for record in ordered(run, records):
        for name, curve in record.curves.items():
            head = (record.dataset, record.method, record.seed, name)
            for moment in zip(curve.epoch, curve.update, curve.seconds, curve.value, strict=True):
                yield dict(zip(VALUES, (*head, *moment), strict=True))


def _costs(run: RunDocument, records: Iterable[CellRecord]) -> Iterator[Line]:
    for board in summarise(run, records).boards:
        for row in board.rows:
            if row.cost:
                yield {"dataset": board.dataset, "method": row.method, **_cost(row)}


def _cost(row: Row) -> Line:
    cost = row.cost
    assert cost is not None
    return {
        "updates": cost.updates,
        "update_seconds": cost.total_seconds,
        **{f"{phase}_seconds": cost.seconds[phase] for phase in PHASES},
        **cost.total._asdict(),
        **{f"negative_{k}": x for k, x in cost.counted["negative"]._asdict().items()},
        "train_seconds": cost.updates * cost.total_seconds,
        "train_macs": cost.updates * cost.total.macs,
    }


def _jsonl(columns: Sequence[str], rows: Iterator[Line]) -> Iterator[str]:
    for row in rows:
        yield json.dumps({c: _finite(row[c]) for c in columns}, ensure_ascii=False) + "\n"


def _csv(columns: Sequence[str], rows: Iterator[Line]) -> Iterator[str]:
    yield _csv_line(columns)
    for row in rows:
        yield _csv_line([_finite(row[column]) for column in columns])


def _csv_line(cells: Sequence[Any]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue()


def _finite(x: Any) -> Any:
    """What is not a finite number is null in JSON and empty in CSV."""
    return None if isinstance(x, float) and not isfinite(x) else x


CONTENTS: dict[What, Callable[[RunDocument, Iterable[CellRecord]], Iterator[Line]]] = {
    "values": _values,
    "cost": _costs,
}
WRITERS: dict[Format, Callable[[Sequence[str], Iterator[Line]], Iterator[str]]] = {
    "jsonl": _jsonl,
    "csv": _csv,
}
