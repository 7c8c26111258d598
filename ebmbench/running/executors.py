"""Where blocks run: in this process, or in worker processes that may die without harm."""

from __future__ import annotations

import pickle
import queue
from collections.abc import Iterable, Iterator
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import contextmanager
from pathlib import Path
from signal import SIG_IGN, SIGINT, signal
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from typing import Any

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from ebmbench.errors import ComponentError, reason
from ebmbench.isolation.apart import place_in
from ebmbench.isolation.contained import contained
from ebmbench.isolation.workers import WorkerContext, no_exit_is_success, trace_of, work_apart
from ebmbench.journal.journal import Journal
from ebmbench.numerics.code_cache import say_if_not_kept
from ebmbench.numerics.threads import cores, use_threads
from ebmbench.running.block import Block
from ebmbench.running.progress import Event, Watcher
from ebmbench.running.run_block import failure, run_block
from ebmbench.running.stopping import StoppedError, Stopping
from ebmbench.running.terms import Terms
from ebmbench.training.evaluator import Tell

Ended = tuple[int, list[str]]
"""A block's index, and its cells' statuses."""

Result = list[str] | str | None
"""The statuses of a block's cells, or why there are none; None where the block was stopped."""

GRACE = 20.0  # seconds in which blocks that are asked to stop store where they stand


def in_this_process(
    blocks: list[Block], journal: Journal, watcher: Watcher, terms: Terms
) -> Iterator[Ended]:
    """Run blocks one after another in this process.

    Raises:
        KeyboardInterrupt: it was asked to stop.
    """
    stopping = Stopping()
    for index, block in enumerate(blocks):

        def tell(epoch: int, value: float | None, index: int = index) -> None:
            watcher.progress(Event(index, epoch, value))

        with stopping.on_first_signal():
            result = _run(block, journal.folder, tell, terms.checkpoint_every, stopping)
        if result is None:
            raise KeyboardInterrupt
        yield index, _recorded(result, journal, block)


def in_workers(
    blocks: list[Block], journal: Journal, watcher: Watcher, terms: Terms
) -> Iterator[Ended]:
    """Run blocks in worker processes; a crash, a hang or lack of memory costs one block.

    When this process is interrupted, blocks have a moment to store where they stand.
    """
    say_if_not_kept()
    context = WorkerContext()
    events, stop = context.Queue(), context.Event()
    with (
        TemporaryDirectory(prefix="ebmbench-") as traces,
        _pool(terms.jobs, context, [events, stop, traces, terms]) as pool,
    ):
        waiting: dict[int, ProcessFuture[Result]] = {
            index: pool.schedule(
                _work, args=[index, _packed(block), journal.folder], timeout=terms.time_limit
            )
            for index, block in enumerate(blocks)
        }
        try:
            while waiting:
                _pass_on(events, watcher)
                for index in [index for index, future in waiting.items() if future.done()]:
                    result = _result(waiting.pop(index), terms.time_limit, Path(traces))
                    if result is None:  # its worker alone was asked to stop, by whoever may
                        raise KeyboardInterrupt
                    yield index, _recorded(result, journal, blocks[index])
        except KeyboardInterrupt:
            stop.set()
            _wait_for_those_at_work(waiting.values())
            raise


def _wait_for_those_at_work(futures: Iterable[ProcessFuture[Result]]) -> None:
    """Wait until blocks have stopped, but not for ever."""
    until = monotonic() + GRACE
    while any(future.running() for future in futures) and monotonic() < until:
        sleep(0.05)


@contextmanager
def _pool(jobs: int, context: Any, told: list[Any]) -> Iterator[ProcessPool]:
    """A pool that is stopped at once when its owner is interrupted."""
    pool = ProcessPool(jobs, context=context, initializer=_start_worker, initargs=told)
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


def _result(future: ProcessFuture[Result], limit: float | None, traces: Path) -> Result:
    try:
        return future.result()
    except FutureTimeout:
        return f"took longer than the time limit of {limit:g} s"
    except ProcessExpired as error:
        where = place_in(trace_of(traces, error.pid))
        return f"its process died (exit code {error.exitcode}); out of memory, or a crash{where}"
    except Exception as error:
        return reason(error)


def _recorded(result: Result, journal: Journal, block: Block) -> list[str]:
    """The cells' statuses, with a record of the failure where there are none."""
    return _failed(journal, block, result) if isinstance(result, str) else result or []


def _failed(journal: Journal, block: Block, why: str) -> list[str]:
    """A record of the failure for each cell of the block."""
    for cell in block.cells:
        journal.write(failure(cell, len(block.cells), why))
    journal.checkpoints.drop([cell.id for cell in block.cells])
    return ["failed"] * len(block.cells)


def _run(block: Block, folder: Path, tell: Tell, every: float, stopping: Stopping) -> Result:
    """Run a block; its components may fail in any way."""
    try:
        with contained("", passing=(StoppedError,)):
            return run_block(block, folder, tell, every, stopping)
    except StoppedError:
        return None
    except ComponentError as error:
        return str(error)


_events: Any = None  # the worker's end of the queue; workers get it when they start
_stopping = Stopping()  # likewise, and the next
_terms = Terms(0)


def _start_worker(events: Any, stop: Any, traces: str, terms: Terms) -> None:
    global _events, _stopping, _terms
    _events, _stopping, _terms = events, Stopping(stop), terms
    _stopping.on_term()
    use_threads(max(1, cores() // terms.jobs))
    signal(SIGINT, SIG_IGN)  # Ctrl-C is the owner's to answer
    events.cancel_join_thread()
    work_apart(Path(traces))


def _packed(block: Block) -> bytes:
    """The block as bytes, so that it is unpacked where failures are caught.

    Unpacked by the pool itself, a plugin that does not import in the worker would take the worker
    down before the pool knows whose block is lost.
    """
    return pickle.dumps(block)


def _work(index: int, packed: bytes, folder: Path) -> Result:
    if _stopping.is_asked:
        return None
    with no_exit_is_success():
        try:
            with contained("", passing=()):
                block: Block = pickle.loads(packed)
        except ComponentError as error:
            return str(error)

        def tell(epoch: int, value: float | None) -> None:
            _events.put((index, epoch, value))

        return _run(block, folder, tell, _terms.checkpoint_every, _stopping)
