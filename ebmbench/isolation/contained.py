"""Where the code of components runs: whatever it raises, prints or sets goes no further.

A component may call ``sys.exit``, raise what is no ``Exception``, raise what cannot be printed,
print, fork, or set a global of torch's for itself and everybody else. None of it may end a command,
spoil what it prints, or reach another component.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from types import FrameType

from ebmbench.errors import ComponentError, EbmbenchError, reason
from ebmbench.isolation.settings import settings_kept

Doing = tuple[str, ...]
"""What is being done, from the whole to its part: ``("method 'CD'", "sampler 'cd'")``."""

_doing: Doing = ()
_us: int | None = None  # the process that has entered, and is to come out again
_told: Callable[[Doing], object] = lambda doing: None  # noqa: E731


class UserInterrupt(KeyboardInterrupt):
    """The user's Ctrl-C, as opposed to a ``KeyboardInterrupt`` that a component raises."""


class InterruptHandler:
    """A handler of signals of our own: if it interrupts, it raises a :class:`UserInterrupt`."""

    def __call__(self, number: int, frame: FrameType | None) -> None:
        raise UserInterrupt


@contextmanager
def contained(who: str, passing: tuple[type[Exception], ...] = (EbmbenchError,)) -> Iterator[None]:
    """Within, the code of a component runs.

    What it prints goes to stderr, global settings are put back, and a fork of this process that
    comes out of it is ended: there is one of us.

    Args:
        who: the component as people call it, ``sampler 'cd'``; "" where it is one of several.
        passing: exceptions that it may raise, as they are part of its interface.

    Raises:
        ComponentError: it raised something else.
        KeyboardInterrupt: the user pressed Ctrl-C.
    """
    try:
        with (
            doing(who),
            ctrl_c_told_apart(),
            redirect_stdout(sys.stderr),
            settings_kept(who),
            _one_process(),
        ):
            yield
    except passing:
        raise
    except BaseException as error:
        if isinstance(error, ComponentError) or _is_the_users(error):
            raise
        raise ComponentError(who, reason(error)) from None


@contextmanager
def doing(what: str) -> Iterator[None]:
    """Within, this is what this process does: told if it does not live to say so itself."""
    global _doing
    before = _doing
    _doing = (*before, what)
    _told(_doing)
    try:
        yield
    finally:
        _doing = before
        _told(_doing)


def tell_what_is_done(told: Callable[[Doing], object]) -> None:
    """In a new process: from now on ``told`` is called whenever something begins or ends."""
    global _doing, _told, _us
    _doing, _told, _us = (), told, None


@contextmanager
def ctrl_c_told_apart() -> Iterator[None]:
    """Within, Ctrl-C raises a ``KeyboardInterrupt`` that can be told from a component's."""
    if not _answers_as_usual():
        yield
        return
    signal.signal(signal.SIGINT, _interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@contextmanager
def _one_process() -> Iterator[None]:
    """End the forks of this process that come out of it, or into another, before they do harm."""
    global _us
    outermost = _us is None
    _us = _us or os.getpid()
    _end_if_a_fork()
    try:
        yield
    finally:
        _end_if_a_fork()
        if outermost:
            _us = None


def _end_if_a_fork() -> None:
    if _us != os.getpid():
        os._exit(0)


def _answers_as_usual() -> bool:
    """Whether Ctrl-C raises Python's own ``KeyboardInterrupt``, in this thread."""
    here = threading.current_thread() is threading.main_thread()
    return here and signal.getsignal(signal.SIGINT) is signal.default_int_handler


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise UserInterrupt


def _is_the_users(error: BaseException) -> bool:
    """Whether it is Ctrl-C; where a handler of somebody else's answers it, it may be."""
    if not isinstance(error, KeyboardInterrupt):
        return False
    handler = signal.getsignal(signal.SIGINT)
    known = handler in (signal.default_int_handler, signal.SIG_IGN, signal.SIG_DFL, _interrupt)
    known = known or isinstance(handler, InterruptHandler)
    return isinstance(error, UserInterrupt) or not known
