"""Tasks in worker processes of this machine: a crash, a hang or lack of memory costs one task."""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Iterator
from concurrent.futures import TimeoutError as FutureTimeout
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from typing import Any, NamedTuple

from pebble import ProcessExpired, ProcessFuture, ProcessPool
from pydantic import Field

from ebmbench.errors import ComponentError, reason
from ebmbench.executors.messages import Messages
from ebmbench.executors.worker import packed, start, work
from ebmbench.interfaces.executor import Ended, Executor, News, Printed, Task, Told
from ebmbench.isolation.apart import place_in
from ebmbench.isolation.last_words import LastWords
from ebmbench.isolation.workers import WorkerContext
from ebmbench.numerics.threads import cores

NAP = 0.05  # seconds between two looks at what is new
KILLED = -9  # the exit code of a process that was killed, as where memory runs out


class _Submitted(NamedTuple):
    number: int
    packed: bytes
    seconds: float | None  # the task's limit


class _Worker:
    """A worker process, which is replaced where it dies, and the task that it is at.

    It is a pool of one: in a pool of several, one that is killed may hold a lock that all wait for.
    """

    def __init__(self, given: list[Any]) -> None:
        self._given = given
        self._pool = self._new_pool()
        self.task: _Submitted | None = None
        self.future: ProcessFuture[Any] | None = None

    def begin(self, task: _Submitted) -> None:
        """Start a task."""
        arguments = [task.number, task.packed]
        try:
            future = self._pool.schedule(work, args=arguments, timeout=task.seconds)
        except RuntimeError:  # it was killed while it waited
            self.end()
            self._pool = self._new_pool()
            future = self._pool.schedule(work, args=arguments, timeout=task.seconds)
        self.task, self.future = task, future

    def end(self) -> None:
        """End the process, whatever it is at."""
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()

    def _new_pool(self) -> ProcessPool:
        return ProcessPool(1, context=WorkerContext(), initializer=start, initargs=self._given)


class LocalPool(Executor):
    """Worker processes of this machine, each with a task at a time and a share of the cores."""

    name = "local-pool"

    class Options(Executor.Options):
        threads: int | None = Field(
            None, ge=1, le=10_000, description="Of each process; an even share if left out"
        )

    def __init__(self, options: Any) -> None:
        super().__init__(options)
        self._jobs = options.jobs or cores()
        self._waiting: deque[_Submitted] = deque()

    def __enter__(self) -> LocalPool:
        self._stop = WorkerContext().Event()
        with ExitStack() as kept:
            folder = kept.enter_context(TemporaryDirectory(prefix="ebmbench-"))
            self._words, self._messages = LastWords(Path(folder)), Messages(Path(folder))
            threads = self.options.threads or max(1, cores() // self._jobs)
            given = [self._messages, self._stop, self._words, threads]
            self._workers = [_Worker(given) for _ in range(self._jobs)]
            self._kept = kept.pop_all()
        return self

    def __exit__(self, *error: object) -> None:
        with self._kept:
            for worker in self._workers:
                worker.end()

    @property
    def slots(self) -> int:
        return self._jobs

    def submit(self, number: int, task: Task, place: str | None = None) -> None:
        self._waiting.append(_Submitted(number, packed(task), task.needs.seconds))
        self._hand_out()

    def news(self, seconds: float) -> Iterator[News]:
        until = monotonic() + seconds
        while True:
            done = [
                each for each in self._workers if each.future is not None and each.future.done()
            ]
            found = [*self._told_and_printed()]  # of those done, all that they will tell
            if done or found or monotonic() > until:
                break
            sleep(NAP)
        yield from found
        for worker in done:
            yield self._ended(worker)
        self._hand_out()

    def stop(self) -> None:
        self._stop.set()

    def _hand_out(self) -> None:
        for worker in self._workers:
            if worker.task is None and self._waiting:
                worker.begin(self._waiting.popleft())

    def _told_and_printed(self) -> Iterator[News]:
        for task in (each.task for each in self._workers if each.task is not None):
            yield from (Told(task.number, what) for what in self._messages.news(task.number))
            if text := self._words.news(task.number):
                yield Printed(task.number, text)

    def _ended(self, worker: _Worker) -> Ended:
        assert worker.task is not None
        assert worker.future is not None
        number, _, limit = worker.task
        ended = replace(_outcome(worker.future, limit), number=number)
        worker.task = worker.future = None
        if ended.lost and ended.exit_code is not None:
            place = place_in(self._words.crash(number))
            ended = replace(ended, why=_why_lost(ended.exit_code, place))
        seconds, memory = self._words.spent(number) or (None, None)
        lines = self._words.lines(number)
        self._messages.drop(number)
        return replace(ended, seconds=ended.seconds or seconds, memory=memory, last_lines=lines)


def _outcome(future: ProcessFuture[Any], limit: float | None) -> Ended:
    """How a task has ended, by what its future says."""
    try:
        return Ended(0, future.result())
    except FutureTimeout:
        why = f"took longer than the time limit of {limit:g} s"
        return Ended(0, why=why, seconds=limit)
    except ProcessExpired as error:
        return Ended(0, lost=True, exit_code=error.exitcode)
    except BrokenProcessPool:
        return Ended(0, why="its process died before it began", lost=True)
    except ComponentError as error:
        return Ended(0, why=error.why)
    except Exception as error:
        return Ended(0, why=reason(error))


def _why_lost(exit_code: int, place: str) -> str:
    """What can be said of a process that died.

    Args:
        exit_code: its own; negative where a signal ended it.
        place: where it was, " (File ...)", if it left word of it.
    """
    if exit_code == KILLED:
        return "its process died (exit code -9): killed, as where memory runs out"
    name = signal.Signals(-exit_code).name if exit_code < 0 else ""
    code = f"{exit_code}, {name}" if name else f"{exit_code}"
    return f"its process died (exit code {code}); out of memory, or a crash{place}"
