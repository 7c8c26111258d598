"""Where commands print: letters that cannot be shown, or a reader that has gone, stop nothing."""

from __future__ import annotations

import codecs
import io
import os
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

PLAIN = {
    "\u00b1": "+/-",
    "\u2264": "<=",
    "\u2265": ">=",
    "\u00b5": "u",
    "\u00d7": "x",
    "\u2013": "-",
    "\u2014": "-",
    "\u2500": "-",
    "\u2502": "|",
    "\u251c": "|",
    "\u2514": "`",
    "\u2026": "...",
    "\ufe0f": "",
}
"""How a letter is written where it cannot be shown; all others by their parts, or their code."""


def open_what_is_closed() -> None:
    """Let what is printed go nowhere where a daemon or a cron job has closed its own output.

    Else the next file that is opened would be taken for it.
    """
    for number, name in ((1, "stdout"), (2, "stderr")):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, number)
            setattr(sys, name, os.fdopen(number, "w", encoding="utf-8", closefd=False))


def never_failing() -> None:
    """Let what is printed from here on fall back to what can be shown, and be heard by nobody."""
    codecs.register_error("plain", _plain)
    sys.stdout = _forgiving(sys.stdout)
    sys.stderr = _forgiving(sys.stderr)


@contextmanager
def flushed_at_the_end() -> Iterator[None]:
    """Write what is printed within before it is left, so that a full disk is told and not lost."""
    try:
        yield
    finally:
        sys.stdout.flush()


class _Lasting(io.FileIO):
    """A pipe that outlives its reader, such as head: what is written later goes nowhere."""

    def write(self, content: object, /) -> int:
        try:
            return super().write(content)  # type: ignore[arg-type]
        except BrokenPipeError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.fileno())
            os.close(nowhere)
            return super().write(content)  # type: ignore[arg-type]


def _forgiving(stream: TextIO) -> TextIO:
    """The same stream, if it goes to a file, a pipe or a terminal; a test's stays as it is."""
    if not isinstance(stream, io.TextIOWrapper):
        return stream
    try:
        number = stream.fileno()
    except OSError:
        return stream
    stream.flush()
    return io.TextIOWrapper(
        io.BufferedWriter(_Lasting(number, "w", closefd=False)),
        encoding=stream.encoding,
        errors="plain",
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )


def _plain(error: UnicodeError) -> tuple[str, int]:
    """What is written in the place of letters that an encoding does not have."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    letters = error.object[error.start : error.end]
    return "".join(map(_in_ascii, letters)), error.end


def _in_ascii(letter: str) -> str:
    if letter in PLAIN:
        return PLAIN[letter]
    parts = unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode()
    return parts or letter.encode("ascii", "backslashreplace").decode()
