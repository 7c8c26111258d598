"""Work in a process of its own, which may crash or hang without harm."""

from __future__ import annotations

import faulthandler
import math
import multiprocessing
import os
import signal
import sys
import sysconfig
import time
import traceback
import warnings
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple, TypeVar

from ebmbench.errors import ConfigError, Problem
from ebmbench.isolation.contained import Doing, tell_what_is_done
from ebmbench.isolation.forks import context_of_process
from ebmbench.isolation.output import divert_output
from ebmbench.isolation.workers import WorkerContext, end_group, lead_group

T = TypeVar("T")

PATIENCE = "EBMBENCH_PATIENCE"
"""Seconds that one step, such as loading a plugin or a dataset, may take in a process apart."""

GENEROUS = 600.0
ENDLESS = math.inf  # for work that takes as long as the user asked for
LOOK = 0.2  # seconds between looks at whether the process is alive
GRACE = 5.0  # seconds until a process that overstays and does not end itself is ended


class Lost(Exception):  # noqa: N818, it is a finding
    """The process ended without an answer.

    Attributes:
        doing: what it did at the time.
        how: it ended, and at which line.
    """

    def __init__(self, doing: Doing, how: str) -> None:
        super().__init__(" / ".join((*doing, how)))
        self.doing = doing
        self.how = how


class _Begun(NamedTuple):
    doing: Doing


class _Returned(NamedTuple):
    value: Any


class _Raised(NamedTuple):
    error: BaseException


class _Overdue(NamedTuple):
    pass


def apart(
    work: Callable[..., T],
    *arguments: Any,
    silent: bool = False,
    fresh: bool = False,
    limit: float | None = None,
) -> T:
    """What ``work(*arguments)`` returns, computed in a process of its own.

    Args:
        silent: whether what it prints is lost; else it goes to stderr.
        fresh: whether the process must be no fork, as where it is to have several threads.
        limit: seconds that a step may take; None for the user's :func:`patience`.

    Raises:
        Lost: the process crashed, ended or took too long.
        Exception: what the work raised.
    """
    limit = patience() if limit is None else limit
    with TemporaryDirectory(prefix="ebmbench-") as folder:
        trace = Path(folder) / "trace"
        receiver, sender = multiprocessing.Pipe(duplex=False)
        context = WorkerContext() if fresh else context_of_process()
        process = context.Process(
            target=_work, args=(sender, trace, limit, silent, work, arguments)
        )
        with warnings.catch_warnings(action="ignore"):  # of forks beside threads
            process.start()
        sender.close()
        doing: Doing = ()
        try:
            while isinstance(answer := _answer(receiver, process, limit), _Begun):
                doing = answer.doing
        finally:
            end_group(process.pid)
            process.kill()
            process.join()
        if isinstance(answer, _Returned):
            return answer.value  # type: ignore[no-any-return]
        if isinstance(answer, _Raised):
            raise answer.error
        raise Lost(doing, _how(process.exitcode, trace, limit, isinstance(answer, _Overdue)))


def patience() -> float:
    """Seconds that a step may take.

    Raises:
        ConfigError: the environment says what is no number of seconds.
    """
    text = os.environ.get(PATIENCE, "")
    try:
        seconds = float(text or GENEROUS)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 1e6:
        problem, remedy = f"'{text}' is no number of seconds up to a million", "Set it to 60."
        raise ConfigError(Problem(PATIENCE, "", problem, remedy))
    return seconds


def _answer(receiver: Connection, process: Any, limit: float) -> Any:
    """The next message; None where none will come."""
    latest = time.monotonic() + limit + GRACE
    while not receiver.poll(LOOK):
        if not process.is_alive() and not receiver.poll():
            return None
        if time.monotonic() > latest:
            return _Overdue()
    try:
        return receiver.recv()
    except EOFError:
        return None


def _how(code: int | None, trace: Path, limit: float, overdue: bool) -> str:
    """How a process ended, and where, by the traces that it left."""
    text = trace.read_text(encoding="utf-8", errors="replace") if trace.is_file() else ""
    if overdue or "Timeout (" in text:
        how = f"took longer than {limit:g} s ({PATIENCE} says how long a step may take)"
    elif code is not None and code < 0:
        how = f"crashed its process ({signal.strsignal(-code)})"
    else:
        how = f"ended its process (exit code {code})"
    return how + place_in(text)


def place_in(trace: str) -> str:
    """Where Python was, by a trace of faulthandler's: of its main thread, the innermost line.

    Lines of Python's own library lead nobody to a mistake, unless there are no others.
    """
    blocks = trace.split("\n\n")
    block = next((each for each in blocks if "Current thread" in each), blocks[-1])
    lines = [line.strip() for line in block.splitlines() if line.strip().startswith("File ")]
    library = f'File "{sysconfig.get_paths()["stdlib"]}'
    own = [line for line in lines if not line.startswith(library) or "site-packages" in line]
    found = next(iter(own or lines), None)
    return f" ({found})" if found else ""


def _work(
    sender: Connection,
    trace: Path,
    limit: float,
    silent: bool,
    work: Callable[..., Any],
    arguments: tuple[Any, ...],
) -> None:
    """The process: its answer, or traces of how it ended."""
    lead_group()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the owner's to answer
    with trace.open("w", encoding="utf-8") as traces:
        if silent:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        divert_output()
        faulthandler.enable(traces)

        def begin(doing: Doing) -> None:
            if limit < ENDLESS:
                faulthandler.dump_traceback_later(limit, exit=True, file=traces)
            _send(sender, _Begun(doing))

        begin(())
        tell_what_is_done(begin)
        _send(sender, _outcome(work, arguments))
        os._exit(0)  # nothing of a component's waits for this, at its end


def _outcome(work: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    _one_thread()
    try:
        return _Returned(work(*arguments))
    except BaseException as error:
        error.add_note(traceback.format_exc())
        return _Raised(error)


def _send(sender: Connection, answer: Any) -> None:
    try:
        sender.send(answer)
    except OSError:  # nobody is there to hear it
        os._exit(1)
    except Exception as error:  # what a component made cannot be pickled
        sender.send(_Raised(TypeError(f"what was made cannot be sent: {error}")))


def _one_thread() -> None:
    """Threads that a fork's parent had are not there in the fork, and would be waited for."""
    torch = sys.modules.get("torch")
    if torch:
        torch.set_num_threads(1)
