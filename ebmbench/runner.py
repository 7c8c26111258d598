"""Runs the cells that are missing, block by block, in worker processes."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import queue
import threading
import traceback
from collections.abc import Iterable, Iterator
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import wait
from pathlib import Path
from signal import SIG_IGN, SIGINT, signal
from typing import Any, NamedTuple, Protocol

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from ebmbench.block import Block, failure, run_block
from ebmbench.journal import Journal
from ebmbench.plan import Plan, block_sizes
from ebmbench.recipe import Cell

BLOCK_BYTES = 64e6
"""Memory that an update of a block may touch: beyond the cache, larger blocks gain nothing."""


class Event(NamedTuple):
    """A block's progress: epochs done and the newest mean of the target metric."""

    block: int
    epoch: int
    value: float | None


class Watcher(Protocol):
    """What shows progress."""

    def begin(self, blocks: list[Block], weights: list[float]) -> None:
        """All blocks that will run, and how long each takes relative to the others."""

    def progress(self, event: Event) -> None:
        """A block has come further."""

    def end(self, block: int, statuses: list[str]) -> None:
        """A block has ended; its cells' statuses."""


@dataclass(frozen=True)
class Rerun:
    """Which finished cells run again."""

    all: bool = False
    failed: bool = False

    def wants(self, status: str | None) -> bool:
        """Whether a cell of this status is run."""
        return self.all or status is None or (self.failed and status != "done")


def run_plan(
    plan: Plan, journal: Journal, jobs: int, rerun: Rerun, watcher: Watcher
) -> dict[str, int]:
    """Run what the journal lacks; return how many cells ended how.

    Args:
        plan: what to run.
        journal: what is there already, and where records go.
        jobs: worker processes; 0 runs in this process.
        rerun: which finished cells run again all the same.
        watcher: is told how things go.
    """
    missing = [cell for cell in plan.cells if rerun.wants(journal.status(cell.id))]
    weighted = sorted(
        ((_weight(plan, block), block) for block in _blocks(plan, missing, max(jobs, 1))),
        key=lambda pair: -pair[0],
    )  # the longest first, so that workers end together
    blocks = [block for _, block in weighted]
    watcher.begin(blocks, [weight for weight, _ in weighted])
    counts: dict[str, int] = {}
    limit = plan.suite.spec.train.time_limit
    ended = _in_workers(blocks, journal, jobs, limit, watcher) if jobs else _here(
        blocks, journal, watcher
    )  # fmt: skip
    for index, statuses in ended:
        watcher.end(index, statuses)
        for status in statuses:
            counts[status] = counts.get(status, 0) + 1
    return counts


def _blocks(plan: Plan, cells: Iterable[Cell], workers: int) -> Iterator[Block]:
    """Cells of one recipe in blocks that fit the memory."""
    groups: dict[tuple[str, str], list[Cell]] = {}
    for cell in cells:
        key = (cell.recipe.dataset_name, cell.recipe.method_name)
        groups.setdefault(key, []).append(cell)
    for group in groups.values():
        estimate = plan.estimate(group[0].recipe)
        counted = {phase: cost._asdict() for phase, cost in estimate.counted.items()}
        left = list(group)
        for size in block_sizes(len(group), estimate.per_update.bytes, workers, BLOCK_BYTES):
            taken, left = left[:size], left[size:]
            yield Block(tuple(taken), counted)


def _weight(plan: Plan, block: Block) -> float:
    """About how long a block takes, in seconds of a common core; only ratios matter."""
    estimate = plan.estimate(block.recipe)
    cost = estimate.per_update
    update = 3e-4 + len(block.cells) * (cost.macs * 4e-11 + cost.randoms * 1.5e-9)
    return estimate.updates * update


def _here(blocks: list[Block], journal: Journal, watcher: Watcher) -> Iterator[tuple[int, Any]]:
    """Run blocks one after another in this process."""
    for index, block in enumerate(blocks):

        def tell(epoch: int, value: float | None, index: int = index) -> None:
            watcher.progress(Event(index, epoch, value))

        try:
            yield index, run_block(block, journal.folder, tell)
        except Exception as error:  # one failed block never ends the suite
            yield index, _failed(journal, block, _reason(error))


def _in_workers(
    blocks: list[Block], journal: Journal, jobs: int, limit: float | None, watcher: Watcher
) -> Iterator[tuple[int, list[str]]]:
    """Run blocks in worker processes; a crash, a hang or lack of memory costs one block."""
    context = multiprocessing.get_context("spawn")
    events = context.Queue()
    with _pool(jobs, context, events) as pool:
        waiting: dict[int, ProcessFuture[list[str]]] = {
            index: pool.schedule(_work, args=[index, _packed(block), journal.folder], timeout=limit)
            for index, block in enumerate(blocks)
        }
        while waiting:
            _pass_on(events, watcher)
            for index in [index for index, future in waiting.items() if future.done()]:
                future = waiting.pop(index)
                yield index, _result(future, journal, blocks[index], limit)


@contextmanager
def _pool(jobs: int, context: Any, events: Any) -> Iterator[ProcessPool]:
    """A pool that is stopped at once when its owner is interrupted."""
    pool = ProcessPool(jobs, context=context, initializer=_start_worker, initargs=[events])
    try:
        yield pool
        pool.close()  # type: ignore[no-untyped-call]
        pool.join()
    except BaseException:
        pool.stop()  # type: ignore[no-untyped-call]
        pool.join()
        raise


def _pass_on(events: Any, watcher: Watcher) -> None:
    """Hand the workers' events to the watcher; wait a moment where there are none."""
    try:
        watcher.progress(Event(*events.get(timeout=0.1)))
        while True:
            watcher.progress(Event(*events.get_nowait()))
    except queue.Empty:
        pass


def _result(
    future: ProcessFuture[list[str]], journal: Journal, block: Block, limit: float | None
) -> list[str]:
    try:
        return future.result()
    except FutureTimeout:
        reason = f"took longer than the suite's time limit of {limit:g} s"
    except ProcessExpired as error:
        reason = f"its process died (exit code {error.exitcode}); out of memory, or a crash"
    except Exception as error:
        reason = _reason(error)
    return _failed(journal, block, reason)


def _reason(error: Exception) -> str:
    """The error and the line that raised it, as one line."""
    remote = getattr(error, "traceback", None)  # pebble brings the worker's traceback as text
    lines = (remote or "".join(traceback.format_exception(error))).strip().splitlines()
    where = [line.strip() for line in lines if line.strip().startswith("File ")]
    return f"{type(error).__name__}: {error}" + (f" ({where[-1]})" if where else "")


def _failed(journal: Journal, block: Block, reason: str) -> list[str]:
    """A record of the failure for each cell that has none yet."""
    for cell in block.cells:
        journal.write(failure(cell, len(block.cells), reason))
    return ["failed"] * len(block.cells)


_events: Any = None  # the worker's end of the queue; workers get it when they start


def _start_worker(events: Any) -> None:
    global _events
    _events = events
    signal(SIGINT, SIG_IGN)  # Ctrl-C is the owner's to answer
    events.cancel_join_thread()
    threading.Thread(target=_die_with_parent, daemon=True).start()


def _die_with_parent() -> None:
    """End this worker when its owner is gone, however that came about."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _packed(block: Block) -> bytes:
    """The block as bytes, so that it is unpacked where failures are caught.

    Unpacked by the pool itself, a plugin that does not import in the worker would take the worker
    down before the pool knows whose block is lost.
    """
    return pickle.dumps(block)


def _work(index: int, packed: bytes, folder: Path) -> list[str]:
    block: Block = pickle.loads(packed)
    return run_block(block, folder, lambda epoch, value: _events.put((index, epoch, value)))
