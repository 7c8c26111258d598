"""What a Dask worker does: it has a task run in a process beside its own, and passes on its news.

Whatever the task does to its process, the worker lives, and tells how it went.
"""

from __future__ import annotations

import multiprocessing
import pickle
import threading
import time
from collections.abc import Mapping
from typing import Any

from ebmbench.executors import Ended, LocalPool, Needs, News, PackedTask
from ebmbench.numerics import thread_count
from ebmbench_dask.clusters import host_of

WAIT = 0.2  # seconds for news, and between two messages
LOOK = 2.0  # seconds between two looks at whether the task is still wanted
UNWANTED = {"cancelled", "released", "forgotten", "resumed"}  # states of a task of Dask's

_here = threading.local()  # .pool: of this thread of the worker's
_stopped: set[str] = set()  # runs that are to stop
_ended: set[str] = set()  # runs that are to end at once


def stop(run: str) -> None:
    """Let the tasks of a run be asked to stop."""
    _stopped.add(run)


def end_now(run: str) -> None:
    """Let the tasks of a run end at once."""
    _ended.add(run)


def run(number: int, packed: bytes, needs: Needs, name: str, hosts: Mapping[str, int]) -> bytes:
    """Run a task of the run ``name``; how it ended.

    Args:
        packed: the task.
        needs: what it takes.
        hosts: how many tasks run on each machine at a time, which share its cores.
    """
    from distributed import get_worker

    worker = get_worker()
    tasks = max(1, hosts.get(host_of(worker.address), 1))
    pool, outbox = _pool(max(1, thread_count() // tasks)), _Outbox(name)
    pool.submit(number, PackedTask(packed, needs))
    asked = False
    while True:
        for news in pool.news(WAIT):
            if isinstance(news, Ended):
                outbox.send()
                if asked:
                    _close_pool()  # its processes were told to stop for good
                return pickle.dumps(news)
            outbox.add(news)
        outbox.send_if_it_is_time()
        if name in _ended:
            _close_pool()
            return pickle.dumps(Ended(number, why="ended with its run"))
        if not asked and (name in _stopped or not outbox.is_read(worker)):
            asked = True
            pool.stop()


class _Outbox:
    """News on their way to the run, several at a time."""

    def __init__(self, name: str) -> None:
        from distributed import Queue, get_client

        self._queue = Queue(name, client=get_client())
        self._news: list[News] = []
        self._sent = self._looked = time.monotonic()
        self._read = True

    def add(self, news: News) -> None:
        """To be sent with the next."""
        self._news.append(news)

    def send_if_it_is_time(self) -> None:
        """Send what there is, if the last was sent a moment ago."""
        if time.monotonic() - self._sent > WAIT:
            self.send()

    def send(self) -> None:
        """Send what there is."""
        if self._news:
            self._queue.put(pickle.dumps(self._news))
        self._news, self._sent = [], time.monotonic()

    def is_read(self, worker: Any) -> bool:
        """Whether somebody still waits for the task, which Dask forgets otherwise."""
        if time.monotonic() - self._looked > LOOK:
            self._looked = time.monotonic()
            task = worker.state.tasks.get(worker.get_current_task())
            self._read = task is not None and task.state not in UNWANTED
        return self._read


def _pool(threads: int) -> LocalPool:
    """The process beside this thread of the worker's, made where it has none."""
    if getattr(_here, "pool", None) is None:
        # Dask's workers are daemons, which Python lets have no children; ours end with them.
        multiprocessing.current_process()._config["daemon"] = False  # type: ignore[attr-defined]
        _here.pool = LocalPool(LocalPool.Options(jobs=1, threads=threads))
        _here.pool.__enter__()
    pool: LocalPool = _here.pool
    return pool


def _close_pool() -> None:
    pool, _here.pool = _here.pool, None
    pool.__exit__(None)
