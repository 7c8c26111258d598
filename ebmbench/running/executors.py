"""Where blocks run: in this process, or in worker processes that may die without harm."""

from __future__ import annotations

import queue
import sys
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from typing import Any

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from ebmbench.errors import reason
from ebmbench.isolation.apart import place_in
from ebmbench.isolation.last_words import LastWords
from ebmbench.isolation.workers import WorkerContext
from ebmbench.journal.documents import Failure
from ebmbench.journal.journal import Journal
from ebmbench.numerics.code_cache import say_if_not_kept
from ebmbench.running.attempts import Lost, Try, tried_again
from ebmbench.running.block import Block
from ebmbench.running.progress import Event, Watcher
from ebmbench.running.run_block import failed_record
from ebmbench.running.stopping import STOPPING, Stopping
from ebmbench.running.terms import Terms
from ebmbench.running.worker import Failed, Result, attempt, packed, start, work

Ended = tuple[int, list[str]]
"""A block's index, and its cells' statuses."""

Ids = tuple[str, ...]

GRACE = 20.0  # seconds in which blocks that are asked to stop store where they stand


def in_this_process(
    blocks: list[Block], journal: Journal, watcher: Watcher, terms: Terms
) -> Iterator[Ended]:
    """Run blocks one after another in this process.

    Raises:
        KeyboardInterrupt: it was asked to stop.
    """
    stopping = Stopping()
    for index, whole in enumerate(blocks):
        block = claimed(whole, journal, terms)
        if block is None:
            yield index, []
            continue
        cells = block.ids

        def tell(epoch: int, value: float | None, index: int = index, cells: Ids = cells) -> None:
            journal.claims.tell(cells, epoch, value)
            watcher.progress(Event(index, epoch, value))

        with stopping.on_first_signal():
            result = attempt(block, journal.folder, tell, terms.checkpoint_every, stopping)
        if result is None:
            raise KeyboardInterrupt
        if isinstance(result, Failed):
            result = _failed(journal, block, result.reason, Failure())
        journal.claims.release(cells)
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
            tries = deque(Try(index, block) for index, block in enumerate(blocks))
            work = _Work(pool, journal, terms, words, tries)
            try:
                while work.is_left:
                    work.hand_out()
                    work.pass_on(events, watcher)
                    yield from work.ended()
            except KeyboardInterrupt:
                print(STOPPING, file=sys.stderr, flush=True)
                stop.set()
                _wait_for(work.going_on)
                raise


def claimed(block: Block, journal: Journal, terms: Terms) -> Block | None:
    """The block, less the cells that somebody else is at or has finished; None if that is all."""
    taken = journal.claims.take(block.ids, block.recipe.epochs)
    left = [id_ for id_ in taken if id_ in terms.anew or not journal.has(id_)]
    if len(left) < len(taken):
        journal.claims.release(taken)
        taken = journal.claims.take(left, block.recipe.epochs)
    if len(taken) == len(block.cells):
        return block
    cells = tuple(cell for cell in block.cells if cell.id in taken)
    return replace(block, cells=cells, checkpoint=None) if cells else None


@dataclass
class _Work:
    """What workers are handed.

    Attributes:
        tries: that wait.
        going_on: those that workers have, by their futures, with the numbers of their last words.
    """

    pool: ProcessPool
    journal: Journal
    terms: Terms
    words: LastWords
    tries: deque[Try]
    going_on: dict[ProcessFuture[Result], tuple[Try, int]] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=count)
    _statuses: dict[int, list[str]] = field(default_factory=dict)
    _left: list[int] = field(default_factory=list)  # blocks that others have
    _more: Counter[int] = field(default_factory=Counter)  # parts of a block beside its last

    @property
    def is_left(self) -> bool:
        """Whether there is anything to do, or to tell."""
        return bool(self.tries or self.going_on or self._left)

    def hand_out(self) -> None:
        """Let workers have what they can do now, and one more that waits for the first free one."""
        while self.tries and len(self.going_on) <= self.terms.jobs:
            each, number = self.tries.popleft(), next(self._numbers)
            block = claimed(each.block, self.journal, self.terms)
            if block is None:
                self._left.append(each.index)
                continue
            arguments = [number, each.index, packed(block), self.journal.folder]
            future = self.pool.schedule(work, args=arguments, timeout=self.terms.time_limit)
            self.going_on[future] = replace(each, block=block), number

    def pass_on(self, events: Any, watcher: Watcher) -> None:
        """Tell what workers tell; wait a moment where they tell nothing."""
        cells = {number: which.block.ids for which, number in self.going_on.values()}
        with suppress(queue.Empty):
            told = events.get(timeout=0.1)
            while True:
                number, index, epoch, value = told
                self.journal.claims.tell(cells.get(number, ()), epoch, value)
                watcher.progress(Event(index, epoch, value))
                told = events.get_nowait()

    def ended(self) -> Iterator[Ended]:
        """The blocks that have ended since; what was lost is tried again, once.

        Raises:
            KeyboardInterrupt: a worker was asked to stop, by whoever may.
        """
        begun = (each for each in self.going_on.items() if each[0].running() or each[0].done())
        for _, (_, number) in begun:
            sys.stderr.write(self.words.news(number))
        while self._left:
            yield from self._told(self._left.pop())
        for future in [future for future in self.going_on if future.done()]:
            which, number = self.going_on.pop(future)
            result = self._result(future, number)
            if result is None:
                raise KeyboardInterrupt
            again = tried_again(which, result, self.journal)
            self.tries.extendleft(reversed(again))
            self._more[which.index] += len(again)
            if not again:
                found = self._recorded(which, number, result)
                self._statuses.setdefault(which.index, []).extend(found)
            self.journal.claims.release(which.block.ids)
            yield from self._told(which.index)

    def _told(self, index: int) -> Iterator[Ended]:
        """The block, once no part of it is left to do."""
        if self._more[index]:
            self._more[index] -= 1
        else:
            yield index, self._statuses.pop(index, [])

    def _result(self, future: ProcessFuture[Result], number: int) -> Result | Lost:
        try:
            return future.result()
        except FutureTimeout:
            return Failed(f"took longer than the time limit of {self.terms.time_limit:g} s")
        except ProcessExpired as error:
            return Lost(error.exitcode, place_in(self.words.crash(number)))
        except Exception as error:
            return Failed(reason(error))

    def _recorded(self, which: Try, number: int, result: list[str] | Failed | Lost) -> list[str]:
        """The cells' statuses, with a record of the failure where there are none."""
        if isinstance(result, list):
            return result
        spent = self.words.spent(number)
        more = Failure(
            attempts=which.number,
            exit_code=result.exit_code if isinstance(result, Lost) else None,
            seconds=spent.seconds if spent else None,
            memory=spent.memory if spent else None,
            last_lines=self.words.lines(number),
        )
        twice = f", at each of {which.number} attempts" if which.number > 1 else ""
        return _failed(self.journal, which.block, result.reason + twice, more)


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


def _failed(journal: Journal, block: Block, why: str, more: Failure) -> list[str]:
    """A record of the failure for each cell of the block."""
    for cell in block.cells:
        journal.write(failed_record(cell, len(block.cells), why, more))
    journal.checkpoints.drop(block.ids)
    return ["failed"] * len(block.cells)
