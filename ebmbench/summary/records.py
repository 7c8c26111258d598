"""Which of a run's records count, in what order, and what they say of where they were made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ebmbench.journal.documents import CellRecord, RunDocument


def ordered(run: RunDocument, records: Iterable[CellRecord]) -> list[CellRecord]:
    """The records of the run's cells: by dataset, method and seed in the suite's order."""
    cells = set(run.cells)
    kept = [record for record in records if record.id in cells]
    return sorted(kept, key=lambda r: (*_place(run, r), r.id))


def planned(run: RunDocument, dataset: str) -> list[str]:
    """The methods that run on ``dataset``: all but those skipped as a whole."""
    skipped = {s.method for s in run.skips if s.dataset == dataset and s.what == "method"}
    return [m for m in run.methods if m not in skipped]


def by_method(
    run: RunDocument, dataset: str, records: Sequence[CellRecord]
) -> dict[str, list[CellRecord]]:
    """Method that runs on ``dataset`` -> its records there."""
    mine = [r for r in records if r.dataset == dataset]
    return {m: [r for r in mine if r.method == m] for m in planned(run, dataset)}


def _place(run: RunDocument, record: CellRecord) -> tuple[int, int, int]:
    return run.datasets.index(record.dataset), run.methods.index(record.method), record.seed


def environment_of(records: Sequence[CellRecord]) -> dict[str, tuple[str, ...]]:
    """Key -> the different values met, ``unknown`` for a record without it."""
    keys = dict.fromkeys(key for r in records for key in r.environment)
    return {k: _different(str(r.environment.get(k, "unknown")) for r in records) for k in keys}


def blocks_of(records: Sequence[CellRecord]) -> dict[str, tuple[int, ...]]:
    """Method -> the numbers of replicas that trained side by side; failed ones did not train."""
    sizes: dict[str, set[int]] = {}
    for record in records:
        if record.block.seconds is not None:
            sizes.setdefault(record.method, set()).add(record.block.replicas)
    return {method: tuple(sorted(found)) for method, found in sizes.items()}


def _different(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(texts)))
