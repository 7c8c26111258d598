"""The executors family: where a run's tasks are worked at, and how many at a time."""

from __future__ import annotations

import pickle
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from pydantic import Field

from ebmbench.interfaces.component import Component


class Needs(NamedTuple):
    """What a task takes.

    Attributes:
        memory: bytes at its peak, by estimate; 0 where nobody knows.
        gpus: CUDA devices.
        seconds: after which it is to be ended; None for no limit.
    """

    memory: int = 0
    gpus: int = 0
    seconds: float | None = None


NO_NEEDS = Needs()


class StopSign(Protocol):
    """Says whether a task was asked to stop."""

    @property
    def is_asked(self) -> bool:
        """Whether to stop now, at the next opportunity."""


class Task(ABC):
    """Work that can be sent anywhere: it can be pickled, and so can what it tells and returns.

    Attributes:
        needs: what it takes.
    """

    needs = NO_NEEDS

    @abstractmethod
    def run(self, tell: Callable[[Any], None], stop: StopSign) -> Any:
        """Do the work, in this process, which it may crash, fill or block.

        Args:
            tell: sends something to whoever has submitted the task.
            stop: says when to come to an end.
        """


@dataclass(frozen=True)
class PackedTask(Task):
    """A task that is unpacked where it runs, and not on its way, where it may do harm.

    Attributes:
        packed: the task.
    """

    packed: bytes
    needs: Needs = NO_NEEDS

    @classmethod
    def of(cls, task: Task) -> PackedTask:
        """The task, packed."""
        return cls(pickle.dumps(task), task.needs)

    def run(self, tell: Callable[[Any], None], stop: StopSign) -> Any:
        task: Task = pickle.loads(self.packed)
        return task.run(tell, stop)


class Told(NamedTuple):
    """What a task tells while it runs."""

    number: int
    what: Any


class Printed(NamedTuple):
    """What a task has written to stdout and stderr."""

    number: int
    text: str


@dataclass(frozen=True)
class Ended:
    """How a task ended.

    Attributes:
        number: the task's.
        value: what it returned.
        why: it returned nothing; "" where it returned.
        lost: whether its process, or its machine, ended under it.
        machine: whether it was the machine, or a worker that has several tasks' processes: then
            it is nothing that the task did.
        exit_code: its process's; negative where a signal ended it.
        seconds, memory: what it took until its last sign of life; bytes at its peak.
        last_lines: of what it has written.
    """

    number: int
    value: Any = None
    why: str = ""
    lost: bool = False
    machine: bool = False
    exit_code: int | None = None
    seconds: float | None = None
    memory: int | None = None
    last_lines: tuple[str, ...] = ()


News = Told | Printed | Ended


class Place(NamedTuple):
    """Where tasks are worked at: a machine, or a part of one.

    Attributes:
        name: which tells it from others.
        tasks: at a time.
        memory: bytes that its tasks may take together; None where it does not say.
        gpus: CUDA devices.
    """

    name: str
    tasks: int
    memory: int | None = None
    gpus: int = 0


class Executor(Component, ABC):
    """Interface: works at tasks somewhere, several at a time, while it is entered.

    It moves tasks and what they tell, and knows nothing of what they are. Each task runs in a
    process of its own, or one that can be lost without harm to other tasks: on another machine a
    :class:`ebmbench.executors.LocalPool` does that. An executor never tries a task again by itself.
    """

    class Options(Component.Options):
        """What the command line sets by ``--jobs`` and ``--executor-option``."""

        jobs: int | None = Field(
            None, ge=1, le=100_000, description="Tasks at a time; one per core if left out"
        )

    @abstractmethod
    def __enter__(self) -> Executor:
        """Start workers, or find them.

        Raises:
            ConfigError: there are none to be had.
        """

    @abstractmethod
    def __exit__(self, *error: object) -> None:
        """End all tasks that still run, and what was started; at once if there was an error."""

    @property
    @abstractmethod
    def slots(self) -> int:
        """How many tasks can be worked at now, at least 1."""

    def places(self) -> list[Place]:
        """Other machines where tasks run; none where all is on this one."""
        return []

    @abstractmethod
    def submit(self, number: int, task: Task, place: str | None = None) -> None:
        """Let a task be worked at, as soon as it can be, where there is what it needs.

        Args:
            number: what its news are called by; it is not used twice.
            task: the work.
            place: the name of the only place where it may run; None for any.
        """

    @abstractmethod
    def news(self, seconds: float) -> Iterable[News]:
        """What has happened since; waits so many seconds at most if nothing has.

        The last of a task's news is that it has :class:`Ended`, in whatever way.
        """

    @abstractmethod
    def stop(self) -> None:
        """Ask all tasks to stop: they are, from now on, told so by their ``StopSign``."""
