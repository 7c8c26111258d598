"""`ebmbench run` in a terminal: what it shows, and what it leaves behind when it is interrupted."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time

import pytest

from support.runs import heed_ctrl_c, suite_with
from support.runs import site as site
from support.suites import write

SHOW, HIDE = "\x1b[?25h", "\x1b[?25l"


class Terminal:
    """A command in a terminal of its own, and all that it has written there."""

    def __init__(self, command, columns, **environment):
        self.mine, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        kept = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES", "NO_COLOR")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "ebmbench", *map(str, command)],
            env={**kept, "TERM": "xterm-256color", **environment},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            preexec_fn=heed_ctrl_c,
        )
        os.close(theirs)
        self.text = ""

    def read(self):
        """Whether there is more to come."""
        if select.select([self.mine], [], [], 0.1)[0]:
            try:
                found = os.read(self.mine, 65536)
            except OSError:  # all who wrote have gone
                return False
            self.text += found.decode(errors="replace")
            return bool(found)
        return True

    def wait_for(self, what, seconds=120):
        """Read until something is there."""
        until = time.monotonic() + seconds
        while not re.search(what, self.text):
            assert time.monotonic() < until, self.text
            assert self.read(), self.text

    def ended(self):
        """The exit code, once all is read."""
        while self.read():
            pass
        os.close(self.mine)
        return self.process.wait(timeout=120)


def slow(site, folder, *options, columns=80, **environment):
    suite = write(
        folder, suite_with("slow", ", time_limit: 600").replace("epochs: 3", "epochs: 900")
    )
    command = ["run", suite, "--runs", folder / "runs", "--jobs", 1, "--only", "Awkward", *options]
    return Terminal(command, columns, PYTHONPATH=str(site), **environment)


def test_ctrl_c_leaves_the_terminal_as_it_was_and_says_how_to_go_on(site, tmp_path):
    terminal = slow(site, tmp_path)
    terminal.wait_for("starting 1 worker")
    terminal.wait_for(r"Awkward .* 0/3 .* [1-9]\d? %")
    os.kill(terminal.process.pid, signal.SIGINT)
    assert terminal.ended() == 130
    text = terminal.text
    assert text.count(HIDE) == text.count(SHOW) >= 1
    assert text.rindex(SHOW) > text.rindex(HIDE)
    assert "Stopping: what runs stores where it stands." in text
    said = " ".join(text[text.rindex("Interrupted.") :].split())
    assert "0 of 3 cells are finished" in said
    assert "1 block goes on from its checkpoint" in said
    assert "The same command goes on from here" in said
    assert "\x1b[" not in said


@pytest.mark.parametrize(
    ("options", "environment"), [(["--plain"], {}), ([], {"TERM": "dumb"})], ids=["plain", "dumb"]
)
def test_nothing_moves_and_has_a_colour_where_that_is_asked_for(
    site, tmp_path, options, environment
):
    suite = write(tmp_path, suite_with("slow"))
    command = ["run", suite, "--runs", tmp_path / "runs", "--jobs", 1, "--only", "CD-2", *options]
    terminal = Terminal([*command], 80, PYTHONPATH=str(site), **environment)
    assert terminal.ended() == 0
    assert "3 cells to run in 1 block by 1 worker" in terminal.text
    assert "CD-2 on bars3, seeds 0-2: 3 done" in terminal.text
    assert "\x1b" not in terminal.text
