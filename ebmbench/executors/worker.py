"""A worker process: it is handed tasks, one after another, and says how they ended."""

from __future__ import annotations

import pickle
import warnings
from signal import SIG_IGN, SIGINT, signal
from typing import Any, NamedTuple

from ebmbench.errors import LeftOutWarning
from ebmbench.executors.messages import Messages
from ebmbench.executors.stopping import Stopping
from ebmbench.interfaces.executor import PackedTask, Task
from ebmbench.isolation.contained import contained
from ebmbench.isolation.last_words import LastWords
from ebmbench.isolation.workers import no_exit_is_success, work_apart
from ebmbench.numerics.threads import use_threads


class _Given(NamedTuple):
    """What a worker is given when it starts.

    Attributes:
        messages: where goes what tasks tell.
        stopping: whether its owner asks it to stop.
        words: where tasks leave what they write.
    """

    messages: Messages
    stopping: Stopping
    words: LastWords


_given: _Given


def start(messages: Messages, stop: Any, words: LastWords, threads: int) -> None:
    """Make this process a worker."""
    global _given
    _given = _Given(messages, Stopping(stop), words)
    _given.stopping.on_term()
    use_threads(threads)
    signal(SIGINT, SIG_IGN)  # Ctrl-C is the owner's to answer
    warnings.formatwarning = _as_line
    work_apart()


def packed(task: Task) -> bytes:
    """The task as bytes, so that it is unpacked where failures are caught.

    Unpacked by the pool itself, a plugin that does not import in the worker would take the worker
    down before the pool knows whose task is lost.
    """
    return task.packed if isinstance(task, PackedTask) else pickle.dumps(task)


def work(number: int, packed_task: bytes) -> Any:
    """Run a task; what it returns.

    Raises:
        ComponentError: it raised something.
    """
    alive, send = _given.words.begin(number), _given.messages.teller(number)

    def tell(what: Any) -> None:
        alive()
        send(what)

    with no_exit_is_success():
        with contained("", passing=()):  # what loading a plugin changes is put back before it runs
            task: Task = pickle.loads(packed_task)
        with contained("", passing=()):
            return task.run(tell, _given.stopping)


def _as_line(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    line: str | None = None,
) -> str:
    """A warning in a line."""
    if issubclass(category, LeftOutWarning):
        return f"Left out: {message}\n"
    return f"{filename}:{lineno}: {category.__name__}: {message}\n"
