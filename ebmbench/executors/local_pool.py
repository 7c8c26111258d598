"""Tasks in worker processes of this machine: a crash, a hang or lack of memory costs one task."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from concurrent.futures import TimeoutError as FutureTimeout
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

NAP = 0.02  # seconds between two looks at what is new
KILLED = -9  # the exit code of a process that was killed, as where memory runs out


class _Submitted(NamedTuple):
    number: int
    seconds: float | None  # the task's limit


class LocalPool(Executor):
    """Worker processes of this machine, each with a task at a time and a share of the cores."""

    name = "local-pool"

    class Options(Executor.Options):
        threads: int | None = Field(
            None,
            ge=1,
            le=10_000,
            description="Of each process; an even share of the cores if left out",
        )

    def __init__(self, options: Any) -> None:
        super().__init__(options)
        self._jobs = options.jobs or cores()
        self._submitted: dict[ProcessFuture[Any], _Submitted] = {}

    def __enter__(self) -> LocalPool:
        context = WorkerContext()
        self._stop = context.Event()
        with ExitStack() as kept:
            folder = kept.enter_context(TemporaryDirectory(prefix="ebmbench-"))
            self._words, self._messages = LastWords(Path(folder)), Messages(Path(folder))
            threads = self.options.threads or max(1, cores() // self._jobs)
            given = [self._messages, self._stop, self._words, threads]
            self._pool = ProcessPool(self._jobs, context=context, initializer=start, initargs=given)
            self._kept = kept.pop_all()
        return self

    def __exit__(self, *error: object) -> None:
        unfinished = any(not future.done() for future in self._submitted)
        with self._kept:
            if unfinished or any(error):
                self._pool.stop()  # type: ignore[no-untyped-call]
            else:
                self._pool.close()  # type: ignore[no-untyped-call]
            self._pool.join()

    @property
    def slots(self) -> int:
        return self._jobs

    def submit(self, number: int, task: Task, place: str | None = None) -> None:
        limit = task.needs.seconds
        future = self._pool.schedule(work, args=[number, packed(task)], timeout=limit)
        self._submitted[future] = _Submitted(number, limit)

    def news(self, seconds: float) -> Iterator[News]:
        until = monotonic() + seconds
        while True:
            done = [future for future in self._submitted if future.done()]  # told all they will
            found = [*self._told_and_printed()]
            if done or found or monotonic() > until:
                break
            sleep(NAP)
        yield from found
        for future in done:
            which = self._submitted.pop(future)
            yield self._ended(future, which)
            self._messages.drop(which.number)

    def stop(self) -> None:
        self._stop.set()

    def _told_and_printed(self) -> Iterator[News]:
        for future, (number, _) in self._submitted.items():
            if future.running() or future.done():
                yield from (Told(number, what) for what in self._messages.news(number))
                if text := self._words.news(number):
                    yield Printed(number, text)

    def _ended(self, future: ProcessFuture[Any], which: _Submitted) -> Ended:
        number = which.number
        spent = self._words.spent(number) or (None, None)
        ended = replace(_outcome(future, which.seconds), number=number)
        if ended.lost:
            place = place_in(self._words.crash(number))
            ended = replace(ended, why=_why_lost(ended.exit_code or 0, place))
        seconds, memory = spent
        lines = self._words.lines(number)
        return replace(ended, seconds=seconds, memory=memory, last_lines=lines)


def _outcome(future: ProcessFuture[Any], limit: float | None) -> Ended:
    """How a task has ended, by what its future says."""
    try:
        return Ended(0, future.result())
    except FutureTimeout:
        return Ended(0, why=f"took longer than the time limit of {limit:g} s")
    except ProcessExpired as error:
        return Ended(0, lost=True, exit_code=error.exitcode)
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
