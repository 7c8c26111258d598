"""Where the code of components runs: whatever it raises, prints or sets goes no further.

A component may call ``sys.exit``, raise what is no ``Exception``, raise what cannot be printed,
print, fork, or set a global of torch's for itself and everybody else. None of it may end a command,
spoil what it prints, or reach another component.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout

from ebmbench.errors import ComponentError, EbmbenchError, reason
from ebmbench.isolation.interrupts import ctrl_c_told_apart, is_the_users, raise_swallowed
from ebmbench.isolation.settings import settings_kept

Doing = tuple[str, ...]
"""What is being done, from the whole to its part: ``("method 'CD'", "sampler 'cd'")``."""

_doing: Doing = ()
_us: int | None = None  # the process that has entered, and is to come out again
_told: Callable[[Doing], object] = lambda doing: None  # noqa: E731


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
            raise_swallowed()
    except passing:
        raise
    except BaseException as error:
        raise_swallowed()
        if isinstance(error, ComponentError) or is_the_users(error):
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
