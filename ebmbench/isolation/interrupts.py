"""Ctrl-C: the user's, as opposed to a ``KeyboardInterrupt`` that a component raises."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class UserInterrupt(KeyboardInterrupt):
    """The user's Ctrl-C, as opposed to a ``KeyboardInterrupt`` that a component raises."""


class InterruptHandler:
    """A handler of signals of our own: if it interrupts, it raises a :class:`UserInterrupt`.

    Attributes:
        came: whether it was called: somebody's code may swallow what it raises, and fail of it.
    """

    came = False

    def __call__(self, number: int, frame: FrameType | None) -> None:
        self.came = True
        raise UserInterrupt


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
def interrupts_noted() -> Iterator[InterruptHandler]:
    """Within, Ctrl-C interrupts, and is remembered, in a program whose Ctrl-C is nobody else's."""
    handler = InterruptHandler()
    if not _answers_as_usual():
        yield handler
        return
    signal.signal(signal.SIGINT, handler)
    try:
        yield handler
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _answers_as_usual() -> bool:
    """Whether Ctrl-C raises Python's own ``KeyboardInterrupt``, in this thread."""
    here = threading.current_thread() is threading.main_thread()
    return here and signal.getsignal(signal.SIGINT) is signal.default_int_handler


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise UserInterrupt


def is_the_users(error: BaseException) -> bool:
    """Whether it is Ctrl-C; where a handler of somebody else's answers it, it may be."""
    if not isinstance(error, KeyboardInterrupt):
        return False
    handler = signal.getsignal(signal.SIGINT)
    known = handler in (signal.default_int_handler, signal.SIG_IGN, signal.SIG_DFL, _interrupt)
    known = known or isinstance(handler, InterruptHandler)
    return isinstance(error, UserInterrupt) or not known


def raise_swallowed() -> None:
    """Interrupt, if Ctrl-C came and somebody's code has made another error of it, or none.

    Imports of compiled code do.
    """
    handler = signal.getsignal(signal.SIGINT)
    if isinstance(handler, InterruptHandler) and handler.came:
        raise UserInterrupt
