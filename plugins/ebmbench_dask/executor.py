"""Tasks on the workers of a Dask cluster."""

from __future__ import annotations

import pickle
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from pydantic import Field

from ebmbench import ConfigError
from ebmbench.executors import Ended, Executor, News, Place, Problem, Task
from ebmbench_dask import on_worker
from ebmbench_dask.clusters import connected, threads_by_host, workers_of

if TYPE_CHECKING:
    from distributed import Client, Future

LOOK = 2.0  # seconds between two looks at which workers there are
NAP = 0.05  # seconds between two looks at what is new


@dataclass(frozen=True)
class _Submitted:
    number: int
    place: str | None


class Dask(Executor):
    """Tasks on a Dask cluster: one that runs, or a local one, bound to 127.0.0.1.

    On each worker a task has a process of its own, so that one that dies costs itself only; a
    worker that is lost costs the tasks that it was at. What tasks tell and print goes through the
    scheduler. Results are released as they arrive: Dask computes those that somebody holds again
    when their worker dies. Workers that have a GPU say so when they are started:
    ``dask worker ADDRESS --nthreads 1 --resources GPU=1``.
    """

    name = "dask"

    class Options(Executor.Options):
        scheduler: str | None = Field(
            None,
            description="Its address, tcp://host:8786; a local cluster if left out",
        )
        wait: float = Field(
            60.0,
            gt=0,
            le=1e6,
            description="Seconds within which scheduler and a worker come",
        )

    def __init__(self, options: Any) -> None:
        super().__init__(options)
        self._run = f"ebmbench-{uuid4().hex}"
        self._submitted: dict[Future, _Submitted] = {}
        self._workers: dict[str, Any] = {}
        self._looked = 0.0

    def __enter__(self) -> Dask:
        with ExitStack() as kept:
            self._client: Client = kept.enter_context(connected(self.options))
            from distributed import Queue

            self._queue = Queue(self._run, client=self._client)
            self._kept = kept.pop_all()
        return self

    def __exit__(self, *error: object) -> None:
        with self._kept, suppress(Exception):  # a cluster that is gone has nothing to end
            if self._client.status != "running":
                return
            if self._submitted:
                self._client.run(on_worker.end_now, self._run, on_error="ignore")
                self._client.cancel([*self._submitted], force=True)
            self._queue.close()

    @property
    def slots(self) -> int:
        self._look()
        threads = sum(int(each["nthreads"]) for each in self._workers.values())
        jobs: int = self.options.jobs or threads
        return max(1, min(threads, jobs))

    def places(self) -> list[Place]:
        self._look()
        return [
            Place(
                name,
                each["nthreads"],
                int(each["resources"].get("MEMORY", each["memory_limit"])) or None,
                int(each["resources"].get("GPU", 0)),
            )
            for name, each in self._workers.items()
        ]

    def submit(self, number: int, task: Task, place: str | None = None) -> None:
        hosts = threads_by_host(self._workers)
        with _scheduler_there():
            future = self._client.submit(
                on_worker.run,
                number,
                pickle.dumps(task),  # not unpacked by the scheduler, which may lack plugins
                task.needs,
                self._run,
                hosts,
                key=f"{self._run}-{number}",
                pure=False,
                retries=0,
                workers=place,
                resources=self._resources(task),
            )
        self._submitted[future] = _Submitted(number, place)

    def news(self, seconds: float) -> Iterator[News]:
        until = time.monotonic() + seconds
        while True:
            done = [future for future in self._submitted if future.done()]  # told all they will
            with _scheduler_there():
                told = self._queue.get(batch=True)
            gone = self._of_places_that_are_gone()
            if done or told or gone or time.monotonic() > until:
                break
            time.sleep(NAP)
        for packed in told:
            yield from pickle.loads(packed)
        for future in done:
            yield self._ended(future, self._submitted.pop(future).number)
        yield from gone

    def stop(self) -> None:
        with _scheduler_there():
            self._client.run(on_worker.stop, self._run, on_error="ignore")

    def _ended(self, future: Future, number: int) -> Ended:
        """How a task ended; its result is held no longer."""
        try:
            if future.status == "finished":
                ended: Ended = pickle.loads(future.result())
                return replace(ended, number=number)
            error = future.exception() if future.status == "error" else None
            why = f"its worker was lost ({error})" if error else "its worker was lost"
            return Ended(number, why=why, lost=True, machine=True)
        except Exception as error:  # of the cluster's, not of the task's
            return Ended(number, why=f"lost by Dask: {error}", lost=True, machine=True)
        finally:
            future.release()

    def _of_places_that_are_gone(self) -> list[Ended]:
        self._look()
        gone = [
            (future, which.number)
            for future, which in self._submitted.items()
            if which.place is not None and which.place not in self._workers
        ]
        for future, _ in gone:
            future.release()
            del self._submitted[future]
        why = "its worker was lost"
        return [Ended(number, why=why, lost=True, machine=True) for _, number in gone]

    def _resources(self, task: Task) -> dict[str, float]:
        """What a worker must have free, of what workers say that they have."""
        declared = {key for each in self._workers.values() for key in each["resources"]}
        needed = {"GPU": float(task.needs.gpus)} if task.needs.gpus else {}
        if "MEMORY" in declared and task.needs.memory:
            needed["MEMORY"] = float(task.needs.memory)
        return needed

    def _look(self) -> None:
        """See which workers there are, now and then.

        Raises:
            ConfigError: the scheduler is gone.
        """
        if time.monotonic() - self._looked < LOOK:
            return
        self._looked = time.monotonic()
        with _scheduler_there():
            self._workers = workers_of(self._client)


@contextmanager
def _scheduler_there() -> Iterator[None]:
    """Say it where the scheduler is gone.

    Raises:
        ConfigError: it is.
    """
    try:
        yield
    except (OSError, TimeoutError, RuntimeError) as error:  # a closed client raises the last
        remedy = "What is finished is kept. Start it again; the same command goes on."
        problem = Problem("--scheduler", "", f"the scheduler is gone: {error}", remedy)
        raise ConfigError(problem) from None
