"""Tasks in worker processes of this machine: a crash, a hang or lack of memory costs one task."""

from __future__ import annotations

import queue
import signal
from collections.abc import Iterator
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from pebble import ProcessExpired, ProcessFuture, ProcessPool
from pydantic import Field

from ebmbench.errors import ComponentError, reason
from ebmbench.executors.worker import packed, start, work
from ebmbench.interfaces.executor import Ended, Executor, News, Printed, Task, Told
from ebmbench.isolation.apart import place_in
from ebmbench.isolation.last_words import LastWords
from ebmbench.isolation.workers import WorkerContext
from ebmbench.numerics.threads import cores

KILLED = -9  # the exit code of a process that was killed, as where memory runs out


class _Submitted(NamedTuple):
    number: int
    seconds: float | None  # the task's limit


class LocalPool(Executor):
    """Worker processes of this machine, each with a task at a time and a share of the cores."""

    name = "local-pool"

    class Options(Executor.Options):
        threads: int | None = Field(
            None, ge=1, description="Of each process; an even share of the cores if left out"
        )

    def __init__(self, options: Any) -> None:
        super().__init__(options)
        self._jobs = options.jobs or cores()
        self._submitted: dict[ProcessFuture[Any], _Submitted] = {}

    def __enter__(self) -> LocalPool:
        context = WorkerContext()
        self._events, self._stop = context.Queue(), context.Event()
        with ExitStack() as kept:
            folder = kept.enter_context(TemporaryDirectory(prefix="ebmbench-"))
            self._words = LastWords(Path(folder))
            threads = self.options.threads or max(1, cores() // self._jobs)
            given = [self._events, self._stop, self._words, threads]
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
        done = [future for future in self._submitted if future.done()]  # told all that they will
        yield from self._told(0.0 if done else seconds)
        for future, which in self._submitted.items():
            if future.running() or future.done():
                text = self._words.news(which.number)
                if text:
                    yield Printed(which.number, text)
        for future in done:
            yield self._ended(future, self._submitted.pop(future))

    def stop(self) -> None:
        self._stop.set()

    def _told(self, seconds: float) -> Iterator[Told]:
        with suppress(queue.Empty):
            yield Told(*self._events.get(timeout=seconds))
            while True:
                yield Told(*self._events.get_nowait())

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
