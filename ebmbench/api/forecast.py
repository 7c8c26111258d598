"""How long a plan will take on this machine, and how much memory: before anything runs."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from statistics import median
from typing import Any, Literal

from ebmbench.journal.documents import CellRecord
from ebmbench.journal.journal import Journal
from ebmbench.plan.cell import Cell
from ebmbench.plan.estimate import Estimate
from ebmbench.plan.plan import Plan
from ebmbench.running.blocks.environment import processor
from ebmbench.running.memory import available_memory
from ebmbench.running.room import room_here
from ebmbench.running.runner import blocks_of
from ebmbench.speed.roofline import Roofline

MOST_RECORDS = 5  # of a method that are looked at
AROUND = 5e-5  # seconds of an update that no count explains
ALIKE = 1e-6  # relative difference of counts that are the same

Basis = Literal["records", "roofline", "budget"]


@dataclass(frozen=True)
class MethodForecast:
    """What the cells of a dataset and method will take.

    Attributes:
        cells: all of them.
        there: those that have a record already.
        seconds: of each that is missing, on one worker.
        basis: records of this method on a machine like this; or what its updates would take at
            the machine's roofline, a guess: kernels that save work beat it, and what is measured
            in between is not in it; or what the suite lets each training take.
    """

    dataset: str
    method: str
    cells: int
    there: int
    seconds: float
    basis: Basis


@dataclass(frozen=True)
class Forecast:
    """What a plan will take.

    Attributes:
        workers: that share the blocks.
        seconds: until the last has ended.
        memory: bytes that their largest blocks take at their peaks, together.
        free: bytes that are free; None where nobody says.
    """

    methods: tuple[MethodForecast, ...]
    workers: int
    seconds: float
    memory: float
    free: int | None

    @property
    def is_guess(self) -> bool:
        """Whether a part of it is no more than that."""
        return any(each.basis == "roofline" and each.cells > each.there for each in self.methods)

    def document(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "workers": self.workers,
            "seconds": self.seconds,
            "is_guess": self.is_guess,
            "peak_memory": self.memory,
            "free_memory": self.free,
            "methods": [vars(each) for each in self.methods],
        }


def forecast(
    plan: Plan, journal: Journal, workers: int, roofline: Callable[[], Roofline]
) -> Forecast:
    """What is missing of a plan, in seconds and bytes.

    Args:
        plan: what is to run.
        journal: what is there.
        workers: that run blocks, one each at a time.
        roofline: measures this machine; asked only where records do not say enough.
    """
    there = journal.ids()
    by_name, cells = _by_name(there), _by_method(plan.cells)
    measured = cache(roofline)
    found: dict[tuple[str, str], MethodForecast] = {}
    for names, estimate in plan.estimates.items():
        mine = cells[names]
        seconds, basis = _seconds(estimate, _records(journal, by_name, mine), measured)
        count = sum(cell.id in there for cell in mine)
        found[names] = MethodForecast(*names, len(mine), count, seconds, basis)
    missing = [cell for cell in plan.cells if cell.id not in there]
    blocks = [*blocks_of(plan, missing, room_here(workers))]
    times = [len(each.cells) * found[_of(each.cells[0])].seconds for each in blocks]
    memory = heapq.nlargest(workers, (each.needs.memory for each in blocks))
    return Forecast(
        tuple(found.values()), workers, _makespan(times, workers), sum(memory), available_memory()
    )


def _seconds(
    estimate: Estimate, records: Iterable[CellRecord], roofline: Callable[[], Roofline]
) -> tuple[float, Basis]:
    """Of a training of one replica, and who says so."""
    if estimate.updates is None:
        return estimate.seconds or 0.0, "budget"
    per_update = _from_records(records, estimate)
    basis: Basis = "roofline" if per_update is None else "records"
    if per_update is None:
        per_update = AROUND + max(roofline().seconds(estimate.per_update))
    seconds = per_update * max(estimate.updates, 1)
    if estimate.seconds is not None and estimate.seconds < seconds:
        return estimate.seconds, "budget"
    return seconds, basis


def _of(cell: Cell) -> tuple[str, str]:
    return cell.recipe.dataset_name, cell.recipe.method_name


def _by_method(cells: Iterable[Cell]) -> dict[tuple[str, str], list[Cell]]:
    found: dict[tuple[str, str], list[Cell]] = {}
    for cell in cells:
        found.setdefault(_of(cell), []).append(cell)
    return found


def _by_name(ids: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for id_ in ids:
        found.setdefault(Cell.name_of(id_), []).append(id_)
    return found


def _records(
    journal: Journal, by_name: dict[str, list[str]], cells: list[Cell]
) -> list[CellRecord]:
    """Some records of these cells, made with these options or others."""
    ids = [id_ for cell in cells for id_ in by_name.get(Cell.name_of(cell.id), ())]
    wanted = {cell.id for cell in cells}
    ids.sort(key=lambda id_: id_ not in wanted)
    return journal.read(ids[:MOST_RECORDS])


def _from_records(records: Iterable[CellRecord], estimate: Estimate) -> float | None:
    """Seconds per update of a replica, with what is measured; None where no record tells.

    Those count that were made on such a processor, of updates that are counted the same.
    """
    here = f", {processor()}"
    found = [
        _wall(record) / record.block.replicas / max(record.cost.updates, 1)
        for record in records
        if record.cost is not None
        and str(record.environment.get("machine", "")).endswith(here)
        and _macs(record) <= (1 + ALIKE) * estimate.per_update.macs
        and estimate.per_update.macs <= (1 + ALIKE) * _macs(record)
    ]
    return median(found) if found else None


def _wall(record: CellRecord) -> float:
    """Seconds that the record's block took, metrics included."""
    trained = record.block.seconds or 0.0
    if record.started is None or record.finished is None:
        return trained
    began, ended = map(datetime.fromisoformat, (record.started, record.finished))
    return max(trained, (ended - began).total_seconds())


def _macs(record: CellRecord) -> float:
    counted = record.cost.counted.values() if record.cost else ()
    return sum(each.macs for each in counted)


def _makespan(times: Iterable[float], workers: int) -> float:
    """Seconds until workers have done all blocks, the longest first."""
    free = [0.0] * workers
    for seconds in sorted(times, reverse=True):
        heapq.heapreplace(free, free[0] + seconds)
    return max(free)
