"""Asking blocks to stop at their next update, so that they can store where they stand."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from time import monotonic
from types import FrameType
from typing import Any

from ebmbench.errors import EbmbenchError
from ebmbench.isolation.interrupts import InterruptHandler, UserInterrupt
from ebmbench.isolation.output import ERR

STOPPING = "Stopping: what runs stores where it stands. Ctrl-C again ends at once."
LOOK = 0.2  # seconds between two looks at what other processes ask for


class StoppedError(EbmbenchError):
    """A block stopped, as it was asked to, and stored where it stands."""


class Stopping(InterruptHandler):
    """Whether this process, or whoever owns it, was asked to stop.

    Args:
        event: of the owner, looked at a few times a second; None where there is none.
    """

    def __init__(self, event: Any = None) -> None:
        self.here = False
        self._event, self._looked = event, 0.0

    @property
    def is_asked(self) -> bool:
        """Whether to stop now."""
        if self._event is not None and not self.here and monotonic() - self._looked > LOOK:
            self._looked = monotonic()
            self.here = self._event.is_set()
        return self.here

    def on_term(self) -> None:
        """Let SIGTERM, as of a batch system, ask for it."""
        signal.signal(signal.SIGTERM, self)

    @contextmanager
    def on_first_signal(self) -> Iterator[None]:
        """Within, the first Ctrl-C or SIGTERM asks for it; the second interrupts at once."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        numbers = (signal.SIGINT, signal.SIGTERM)
        before = {number: signal.signal(number, self) for number in numbers}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def __call__(self, number: int, frame: FrameType | None) -> None:
        if self.here and number == signal.SIGINT:
            raise UserInterrupt
        if not self.here and self._event is None:  # else the owner says so
            with suppress(OSError):  # print is not for handlers
                os.write(ERR, f"{STOPPING}\n".encode())
        self.here = True


@contextmanager
def term_interrupts() -> Iterator[None]:
    """Within, SIGTERM does what Ctrl-C does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    before = signal.signal(signal.SIGTERM, InterruptHandler())
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
