"""Contracts of executors: tasks come back once and whole, and one that dies harms no other."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ebmbench.checks.examples import Example
from ebmbench.checks.failure import Failed, require
from ebmbench.interfaces.executor import (
    NO_NEEDS,
    Ended,
    Executor,
    Needs,
    News,
    Printed,
    StopSign,
    Task,
    Told,
)

PATIENCE = 120.0  # seconds until a task is taken for lost; the machine may be busy
WAIT = 0.2
SIGNS = 3  # of life that a task gives
LIMIT = 1.0  # seconds that a task may take which takes longer


@dataclass(frozen=True)
class Echo(Task):
    """Prints, tells what it is told to, and returns it with the process that it ran in."""

    content: bytes

    def run(self, tell: Callable[[Any], None], stop: StopSign) -> tuple[bytes, int]:
        print(f"echo of {len(self.content)} bytes")
        for sign in range(SIGNS):
            tell(sign)
        return self.content, os.getpid()


@dataclass(frozen=True)
class Endless(Task):
    """Says that it has begun, and runs until it is asked to stop."""

    needs: Needs = NO_NEEDS

    def run(self, tell: Callable[[Any], None], stop: StopSign) -> str:
        tell(os.getpid())
        while not stop.is_asked:
            time.sleep(WAIT)
        return "stopped"


@dataclass(frozen=True)
class Raising(Task):
    """Fails, as code does."""

    def run(self, tell: Callable[[Any], None], stop: StopSign) -> None:
        raise ValueError("as it should")


@dataclass(frozen=True)
class Killed(Task):
    """Takes its process down, as a lack of memory does."""

    def run(self, tell: Callable[[Any], None], stop: StopSign) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


@dataclass(frozen=True)
class Leaving(Task):
    """Ends its process as if all were well."""

    def run(self, tell: Callable[[Any], None], stop: StopSign) -> None:
        os._exit(0)


@dataclass(frozen=True)
class Unpackable(Task):
    """Cannot be unpacked where it arrives, as where a plugin is missing."""

    def __reduce__(self) -> Any:
        return _fails_to_import, ()

    def run(self, tell: Callable[[Any], None], stop: StopSign) -> None:
        raise NotImplementedError


def _fails_to_import() -> None:
    raise ModuleNotFoundError("No module named 'absent'")


def results(example: Example) -> None:
    """More tasks than there are slots come back, each once, whole, from a process of its own."""
    with _built(example) as executor:
        count = 2 * executor.slots + 1
        contents = {number: bytes([number % 256]) * 1000 for number in range(count)}
        for number, content in contents.items():
            executor.submit(number, Echo(content))
        found, news = _ends(executor, count)
        for number, content in contents.items():
            require(not found[number].why, f"a task that returns failed: {found[number].why}")
            value, process = found[number].value
            require(value == content, "a task's value is not what it returned")
            require(process != os.getpid(), "tasks run in this process: one may take it down")
        told = {number: _told(news, number) for number in contents}
        require(
            all(each == list(range(SIGNS)) for each in told.values()),
            "what a task tells does not arrive, each time once and in order, before its end",
        )
        printed = any(isinstance(each, Printed) for each in news)
        require(
            printed or all(each.last_lines for each in found.values()),
            "what tasks print arrives neither as Printed nor in an end's last_lines",
        )


def stopping(example: Example) -> None:
    """What a task tells arrives while it runs, and it is told to stop when it is to."""
    with _built(example) as executor:
        executor.submit(0, Endless())
        _first_sign(executor)
        executor.stop()
        found, _ = _ends(executor, 1)
        require(
            found[0].value == "stopped",
            f"after stop(), a task that looks at its StopSign does not end by itself: {found[0]}",
        )


def failures(example: Example) -> None:
    """Tasks that raise, die, leave, overstay or do not unpack end so, and others go on."""
    bad: Mapping[str, Task] = {
        "raises": Raising(),
        "is killed": Killed(),
        "calls os._exit(0)": Leaving(),
        "overstays": Endless(Needs(seconds=LIMIT)),
        "cannot be unpacked": Unpackable(),
    }
    with _built(example) as executor:
        for number, task in enumerate(bad.values()):
            executor.submit(number, task)
        executor.submit(len(bad), Echo(b"well"))
        found, _ = _ends(executor, len(bad) + 1)
        require(
            not found[len(bad)].why,
            f"beside tasks that fail, one that returns failed too: {found[len(bad)].why}",
        )
        for number, what in enumerate(bad):
            end = found[number]
            require(bool(end.why), f"a task that {what} has ended without a reason")
            died = what in ("is killed", "calls os._exit(0)")
            require(
                end.lost == died,
                f"a task that {what} has ended with lost = {end.lost}: that says whether its "
                "process ended under it, so that it is tried again",
            )
        require("as it should" in found[0].why, f"what was raised is not told: {found[0].why}")
        require("limit" in found[3].why, f"the time limit is not told: {found[3].why}")
        require("absent" in found[4].why, f"what is missing is not named: {found[4].why}")
        executor.submit(len(bad) + 1, Echo(b"again"))
        again, _ = _ends(executor, 1)
        require(not again[len(bad) + 1].why, "after tasks have died, no other comes back")


def ending(example: Example) -> None:
    """When it is left by an error, tasks that run are ended with it."""
    try:
        with _built(example) as executor:
            executor.submit(0, Endless())
            process = _first_sign(executor)
            raise _LeftError
    except _LeftError:
        pass
    until = time.monotonic() + PATIENCE
    while _runs(process) and time.monotonic() < until:
        time.sleep(WAIT)
    require(not _runs(process), "a task goes on after the executor was left by an error")


CHECKS: dict[str, Callable[[Example], None]] = {
    "results": results,
    "stopping": stopping,
    "failures": failures,
    "ending": ending,
}


class _LeftError(Exception):
    pass


def _built(example: Example) -> Executor:
    executor: Executor = example.build()
    return executor


def _ends(executor: Executor, count: int) -> tuple[dict[int, Ended], list[News]]:
    """The ends of so many tasks, and all news until then."""
    ends, news, until = dict[int, Ended](), list[News](), time.monotonic() + PATIENCE
    while len(ends) < count:
        if time.monotonic() > until:
            raise Failed(f"{count - len(ends)} tasks of {count} never end")
        for each in executor.news(WAIT):
            news.append(each)
            if isinstance(each, Ended):
                require(each.number not in ends, "a task has ended twice")
                ends[each.number] = each
            else:
                require(each.number not in ends, "a task has news after its end")
    return ends, news


def _first_sign(executor: Executor) -> int:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        for each in executor.news(WAIT):
            if isinstance(each, Told):
                return int(each.what)
    raise Failed("what a task tells does not arrive while it runs")


def _told(news: list[News], number: int) -> list[Any]:
    return [each.what for each in news if isinstance(each, Told) and each.number == number]


def _runs(process: int) -> bool:
    """Whether a process of this machine is there; one of another machine is not seen."""
    try:
        os.kill(process, 0)
    except OSError:
        return False
    return True
