"""The command line, run in this process: what it prints and its exit code."""

from __future__ import annotations

import contextlib
import io
import sys
from typing import NamedTuple
from unittest import mock

from ebmbench.commands.app import main


class Ended(NamedTuple):
    code: int
    out: str
    err: str


def ebmbench(*arguments):
    """Run ``ebmbench ARGUMENTS``."""
    out, err = io.StringIO(), io.StringIO()
    argv = ["ebmbench", *map(str, arguments)]
    with (
        mock.patch.object(sys, "argv", argv),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as ended:
            return Ended(ended.code or 0, out.getvalue(), err.getvalue())
