"""Hands blocks to an executor, and makes records of what comes back."""

from __future__ import annotations

import sys
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import count
from time import monotonic

from ebmbench.errors import EbmbenchError
from ebmbench.executors.stopping import STOPPING
from ebmbench.interfaces.executor import Ended, Executor, News, Printed, Task, Told
from ebmbench.journal.documents import Failure
from ebmbench.journal.journal import Journal
from ebmbench.journal.parcel import Parcel
from ebmbench.running.attempts import Try, tried_again
from ebmbench.running.blocks.block import Block, claimed
from ebmbench.running.blocks.block_task import Began, BlockTask, Failed
from ebmbench.running.blocks.run_block import write_failed
from ebmbench.running.progress import Event, Watcher
from ebmbench.running.terms import Terms
from ebmbench.training.evaluator import Progress

BlockEnd = tuple[int, list[str]]
"""A block's index, and its cells' statuses; none where others have all its cells."""

WAIT = 0.1  # seconds for news
GRACE = 20.0  # seconds in which blocks that are asked to stop store where they stand


def hand_out(
    blocks: list[Block], journal: Journal, watcher: Watcher, terms: Terms, executor: Executor
) -> Iterator[BlockEnd]:
    """Run blocks by an executor that has been entered.

    When this process is interrupted, blocks have a moment to store where they stand.
    """
    tries = deque(Try(index, block) for index, block in enumerate(blocks))
    work = _Work(executor, journal, watcher, terms, tries)
    try:
        while work.is_left:
            work.submit()
            for news in executor.news(WAIT):
                work.take(news)
            yield from work.ended()
            watcher.tick()
    except KeyboardInterrupt:
        print(STOPPING, file=sys.stderr, flush=True)
        with suppress(EbmbenchError):  # machines that are gone have stopped
            work.stop()
        raise


@dataclass
class _Work:
    """What is handed out.

    Attributes:
        tries: that wait.
        going_on: those that were submitted, by their numbers.
    """

    executor: Executor
    journal: Journal
    watcher: Watcher
    terms: Terms
    tries: deque[Try]
    going_on: dict[int, Try] = field(default_factory=dict)
    _elsewhere: bool = field(init=False)
    _numbers: Iterator[int] = field(default_factory=count)
    _statuses: dict[int, list[str]] = field(default_factory=dict)
    _finished: list[int] = field(default_factory=list)  # blocks of which a part is
    _more: Counter[int] = field(default_factory=Counter)  # parts of a block beside its last

    def __post_init__(self) -> None:
        self._elsewhere = bool(self.executor.places())

    @property
    def is_left(self) -> bool:
        """Whether there is anything to do, or to tell."""
        return bool(self.tries or self.going_on or self._finished)

    def submit(self) -> None:
        """Let the executor have what it can do now, and one more that waits for a free slot."""
        while self.tries and len(self.going_on) <= self.executor.slots:
            each, number = self.tries.popleft(), next(self._numbers)
            block = claimed(each.block, self.journal, self.terms.anew)
            if block is None:
                self._finished.append(each.index)
                continue
            self.going_on[number] = replace(each, block=block)
            self.executor.submit(number, self._task(block))

    def take(self, news: News) -> None:
        """Pass on what a task tells, or has done.

        Raises:
            KeyboardInterrupt: a worker of this machine was asked to stop, by whoever may.
        """
        match news:
            case Printed(_, text):
                sys.stderr.write(text)
            case Told(number, Began()) if number in self.going_on:
                which = self.going_on[number]
                self.journal.claims.begin(which.block.ids, which.block.began)
                self.watcher.start(which.index)
            case Told(number, Progress() as progress) if number in self.going_on:
                which = self.going_on[number]
                epoch, value, *_, measuring = progress
                self.journal.claims.tell(which.block.ids, epoch, value, measuring)
                self.watcher.progress(Event(which.index, progress))
            case Told(number, Parcel() as parcel) if number in self.going_on:
                parcel.unpack(self.journal.whole, self.going_on[number].block.ids)
            case Ended(number) if number in self.going_on:
                self._take_end(self.going_on.pop(number), news)

    def ended(self) -> Iterator[BlockEnd]:
        """The blocks of which no part is left to do."""
        while self._finished:
            index = self._finished.pop()
            if self._more[index]:
                self._more[index] -= 1
            else:
                yield index, self._statuses.pop(index, [])

    def stop(self) -> None:
        """Wait until blocks have stopped, but not for ever."""
        self.executor.stop()
        until = monotonic() + GRACE
        while self.going_on and monotonic() < until:
            for news in self.executor.news(WAIT):
                if isinstance(news, Ended):
                    self.going_on.pop(news.number, None)
                else:
                    self.take(news)

    def _task(self, block: Block) -> Task:
        files = [block.checkpoint.file] if self._elsewhere and block.checkpoint else []
        return BlockTask(
            block,
            self.journal.folder.resolve(),
            self.journal.claims.owner,
            self.terms.checkpoint_every,
            block.needs._replace(seconds=self.terms.time_limit),
            Parcel.of(files),
        )

    def _take_end(self, which: Try, ended: Ended) -> None:
        if ended.value is None and not ended.why:
            if not self._elsewhere:
                raise KeyboardInterrupt
            why = "its worker was asked to stop"
            ended = replace(ended, why=why, lost=True, machine=True)
        again = tried_again(which, ended, self.journal)
        if again:
            _say_again(which, ended, len(again))
        self.tries.extendleft(reversed(again))
        self._more[which.index] += len(again)
        if not again:
            statuses = self._recorded(which, ended)
            self._statuses.setdefault(which.index, []).extend(statuses)
        self.journal.claims.release(which.block.ids)
        self._finished.append(which.index)

    def _recorded(self, which: Try, ended: Ended) -> list[str]:
        """The cells' statuses, with a record of the failure where there are none."""
        if isinstance(ended.value, list):
            self.journal.checkpoints.drop(which.block.ids)
            return ended.value
        more = Failure(
            attempts=which.number,
            exit_code=ended.exit_code,
            seconds=ended.seconds,
            memory=ended.memory,
            last_lines=ended.last_lines,
        )
        why = ended.value.reason if isinstance(ended.value, Failed) else ended.why
        twice = f", at each of {which.number} attempts" if which.number > 1 else ""
        return write_failed(self.journal, which.block, why + twice, more)


def _say_again(which: Try, ended: Ended, parts: int) -> None:
    recipe, seeds = which.block.recipe, len(which.block.cells)
    why = ended.value.reason if isinstance(ended.value, Failed) else ended.why
    how = "in halves" if parts > 1 else "from its last checkpoint if there is one"
    who = f"{recipe.method_name} on {recipe.dataset_name} ({seeds} seeds)"
    print(f"{who}: {why}. It is tried again, {how}.", file=sys.stderr, flush=True)
