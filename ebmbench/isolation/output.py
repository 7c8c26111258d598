"""Standard output is for documents: what else is printed goes to standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

OUT, ERR = 1, 2


def divert_output(to: int = ERR) -> None:
    """From now on nothing that this process prints, compiled code too, goes to stdout."""
    _flush()
    with suppress(OSError):  # no stderr: a process may be started without
        os.dup2(to, OUT)
    sys.stdout = sys.stderr


@contextmanager
def stdout_for_documents() -> Iterator[None]:
    """Within, ``sys.stdout`` leads where it led, and alone; file descriptor 1 leads to stderr.

    So what compiled code prints, and what processes print that are started from here, mixes with no
    document. Afterwards ``sys.stdout`` leads to stderr too. Nothing changes where ``sys.stdout`` is
    not the process's own, as in a notebook or a test.
    """
    stdout = sys.stdout
    if stdout is None or sys.__stdout__ is None or stdout is not sys.__stdout__:
        yield
        return
    _flush()
    documents = os.fdopen(os.dup(OUT), "w", encoding=stdout.encoding, errors=stdout.errors)
    documents.reconfigure(line_buffering=documents.isatty())
    divert_output()
    sys.stdout = documents
    try:
        yield
    finally:
        _flush()
        documents.close()
        sys.stdout = sys.stderr


def _flush() -> None:
    with suppress(OSError, ValueError, AttributeError):
        sys.stdout.flush()
