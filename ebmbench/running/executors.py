"""Where blocks run: in this process, or in worker processes that may die without harm."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import queue
import threading
from collections.abc import Iterator
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import contextmanager
from multiprocessing.connection import wait
from pathlib import Path
from signal import SIG_IGN, SIGINT, signal
from typing import Any

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from ebmbench.errors import reason
from ebmbench.journal.journal import Journal
from ebmbench.numerics.code_cache import say_if_not_kept
from ebmbench.numerics.threads import cores, use_threads
from ebmbench.running.block import Block, failure, run_block
from ebmbench.running.progress import Event, Watcher
from ebmbench.running.workers import WorkerContext

Ended = tuple[int, list[str]]
"""A block's index, and its cells' statuses."""


def in_this_process(blocks: list[Block], journal: Journal, watcher: Watcher) -> Iterator[Ended]:
    """Run blocks one after another in this process."""
    for index, block in enumerate(blocks):

        def tell(epoch: int, value: float | None, index: int = index) -> None:
            watcher.progress(Event(index, epoch, value))

        try:
            yield index, run_block(block, journal.folder, tell)
        except Exception as error:  # one failed block never ends the suite
            yield index, _failed(journal, block, reason(error))


def in_workers(
    blocks: list[Block], journal: Journal, watcher: Watcher, jobs: int, limit: float | None
) -> Iterator[Ended]:
    """Run blocks in worker processes; a crash, a hang or lack of memory costs one block."""
    say_if_not_kept()
    context = WorkerContext()
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
    share = max(1, cores() // jobs)
    pool = ProcessPool(jobs, context=context, initializer=_start_worker, initargs=[events, share])
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
        why = f"took longer than the suite's time limit of {limit:g} s"
    except ProcessExpired as error:
        why = f"its process died (exit code {error.exitcode}); out of memory, or a crash"
    except Exception as error:
        why = reason(error)
    return _failed(journal, block, why)


def _failed(journal: Journal, block: Block, why: str) -> list[str]:
    """A record of the failure for each cell of the block."""
    for cell in block.cells:
        journal.write(failure(cell, len(block.cells), why))
    return ["failed"] * len(block.cells)


_events: Any = None  # the worker's end of the queue; workers get it when they start


def _start_worker(events: Any, kernel_threads: int) -> None:
    global _events
    _events = events
    use_threads(kernel_threads)
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
