"""Where blocks run: in this process, or in worker processes that may die without harm."""

from __future__ import annotations

import queue
import signal
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from typing import Any, NamedTuple

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from ebmbench.errors import reason
from ebmbench.isolation.apart import place_in
from ebmbench.isolation.last_words import LastWords
from ebmbench.isolation.workers import WorkerContext
from ebmbench.journal.checkpoints import Checkpoint
from ebmbench.journal.documents import Failure
from ebmbench.journal.journal import Journal
from ebmbench.numerics.code_cache import say_if_not_kept
from ebmbench.running.block import Block
from ebmbench.running.progress import Event, Watcher
from ebmbench.running.run_block import failed_record
from ebmbench.running.stopping import Stopping
from ebmbench.running.terms import Terms
from ebmbench.running.worker import Failed, Result, attempt, packed, start, work

Ended = tuple[int, list[str]]
"""A block's index, and its cells' statuses."""

GRACE = 20.0  # seconds in which blocks that are asked to stop store where they stand
KILLED = -9  # the exit code of a process that was killed, as where memory runs out


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
            result = attempt(block, journal.folder, tell, terms.checkpoint_every, stopping)
        if result is None:
            raise KeyboardInterrupt
        if isinstance(result, Failed):
            result = _failed(journal, block, result.reason, Failure())
        yield index, result


def in_workers(
    blocks: list[Block], journal: Journal, watcher: Watcher, terms: Terms
) -> Iterator[Ended]:
    """Run blocks in worker processes; a crash, a hang or lack of memory costs one block.

    When this process is interrupted, blocks have a moment to store where they stand.
    """
    say_if_not_kept()
    context = WorkerContext()
    events, stop = context.Queue(), context.Event()
    with TemporaryDirectory(prefix="ebmbench-") as folder:
        words = LastWords(Path(folder))
        with _pool(terms.jobs, context, [events, stop, words, terms]) as pool:
            work = _Work(pool, journal, terms, words)
            work.hand_out(_Try(index, block) for index, block in enumerate(blocks))
            try:
                while work.going_on:
                    _pass_on(events, watcher)
                    yield from work.ended()
            except KeyboardInterrupt:
                stop.set()
                _wait_for(work.going_on)
                raise


@dataclass(frozen=True)
class _Try:
    """An attempt at a block, or at a half of it.

    Attributes:
        index: the block's.
        number: how many attempts this makes.
    """

    index: int
    block: Block
    number: int = 1


class _Lost(NamedTuple):
    """A worker died.

    Attributes:
        exit_code: its own; negative where a signal ended it.
        place: where it was, " (File ...)", if it left word of it.
    """

    exit_code: int
    place: str

    @property
    def reason(self) -> str:
        """What can be said of it."""
        if self.exit_code == KILLED:
            return "its process died (exit code -9): killed, as where memory runs out"
        name = signal.Signals(-self.exit_code).name if self.exit_code < 0 else ""
        code = f"{self.exit_code}, {name}" if name else f"{self.exit_code}"
        return f"its process died (exit code {code}); out of memory, or a crash{self.place}"


@dataclass
class _Work:
    """What workers were handed.

    Attributes:
        going_on: the attempts by their futures, with the numbers of their last words.
    """

    pool: ProcessPool
    journal: Journal
    terms: Terms
    words: LastWords
    going_on: dict[ProcessFuture[Result], tuple[_Try, int]] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=count)
    _parts: dict[int, int] = field(default_factory=dict)  # of a block that are not done
    _statuses: dict[int, list[str]] = field(default_factory=dict)

    def hand_out(self, tries: Iterable[_Try]) -> None:
        """Let workers do these when they come to it."""
        for each in tries:
            number, limit = next(self._numbers), self.terms.time_limit
            arguments = [number, each.index, packed(each.block), self.journal.folder]
            self.going_on[self.pool.schedule(work, args=arguments, timeout=limit)] = each, number
            self._parts[each.index] = self._parts.get(each.index, 0) + 1

    def ended(self) -> Iterator[Ended]:
        """The blocks that have ended since; what was lost is tried again, once.

        Raises:
            KeyboardInterrupt: a worker was asked to stop, by whoever may.
        """
        begun = (each for each in self.going_on.items() if each[0].running() or each[0].done())
        for _, (_, number) in begun:
            sys.stderr.write(self.words.news(number))
        for future in [future for future in self.going_on if future.done()]:
            which, number = self.going_on.pop(future)
            result = self._result(future, number)
            if result is None:
                raise KeyboardInterrupt
            again = _again(which, result, self.journal)
            self.hand_out(again)
            self._parts[which.index] -= 1
            if not again:
                found = self._recorded(which, number, result)
                self._statuses.setdefault(which.index, []).extend(found)
            if self._parts[which.index] == 0:
                yield which.index, self._statuses.pop(which.index)

    def _result(self, future: ProcessFuture[Result], number: int) -> Result | _Lost:
        try:
            return future.result()
        except FutureTimeout:
            return Failed(f"took longer than the time limit of {self.terms.time_limit:g} s")
        except ProcessExpired as error:
            return _Lost(error.exitcode, place_in(self.words.crash(number)))
        except Exception as error:
            return Failed(reason(error))

    def _recorded(self, which: _Try, number: int, result: list[str] | Failed | _Lost) -> list[str]:
        """The cells' statuses, with a record of the failure where there are none."""
        if isinstance(result, list):
            return result
        spent = self.words.spent(number)
        more = Failure(
            attempts=which.number,
            exit_code=result.exit_code if isinstance(result, _Lost) else None,
            seconds=spent.seconds if spent else None,
            memory=spent.memory if spent else None,
            last_lines=self.words.lines(number),
        )
        twice = f", at each of {which.number} attempts" if which.number > 1 else ""
        return _failed(self.journal, which.block, result.reason + twice, more)


def _again(which: _Try, result: list[str] | Failed | _Lost, journal: Journal) -> list[_Try]:
    """What is tried again of a block: all of it if it was lost, in halves if memory ran out.

    A whole goes on from its last checkpoint; halves begin.
    """
    killed = isinstance(result, _Lost) and result.exit_code == KILLED
    no_memory = killed or (isinstance(result, Failed) and result.out_of_memory)
    if which.number > 1 or not (no_memory or isinstance(result, _Lost)):
        return []
    block, next_number = which.block, which.number + 1
    if len(block.cells) > 1 and no_memory:
        journal.checkpoints.drop([cell.id for cell in block.cells])
        middle = (len(block.cells) + 1) // 2
        halves = block.cells[:middle], block.cells[middle:]
        return [
            _Try(which.index, replace(block, cells=cells, checkpoint=None), next_number)
            for cells in halves
        ]
    return [_Try(which.index, replace(block, checkpoint=_newest(block, journal)), next_number)]


def _newest(block: Block, journal: Journal) -> Checkpoint | None:
    """Where the block stands."""
    cells = tuple(cell.id for cell in block.cells)
    found = (each for each in journal.checkpoints if isinstance(each, Checkpoint))
    return next((each for each in found if each.cells == cells), None)


def _wait_for(futures: Iterable[ProcessFuture[Result]]) -> None:
    """Wait until blocks have stopped, but not for ever."""
    until = monotonic() + GRACE
    while any(future.running() for future in futures) and monotonic() < until:
        sleep(0.05)


@contextmanager
def _pool(jobs: int, context: Any, told: list[Any]) -> Iterator[ProcessPool]:
    """A pool that is stopped at once when its owner is interrupted."""
    pool = ProcessPool(jobs, context=context, initializer=start, initargs=told)
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


def _failed(journal: Journal, block: Block, why: str, more: Failure) -> list[str]:
    """A record of the failure for each cell of the block."""
    for cell in block.cells:
        journal.write(failed_record(cell, len(block.cells), why, more))
    journal.checkpoints.drop([cell.id for cell in block.cells])
    return ["failed"] * len(block.cells)
