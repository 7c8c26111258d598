"""`ebmbench view`, as a process of its own: its address, its end, and what it cannot show."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from contextlib import contextmanager

import pytest

import ebmbench as front
from support.command_line import ebmbench
from support.runs import heed_ctrl_c
from support.suites import SMALL


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs")
    front.run(SMALL, seeds=1, epochs=1, runs=folder, jobs=0, progress=False)
    return folder / "small"


@contextmanager
def viewing(*arguments, **environment):
    """A process that shows a run, and its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "ebmbench", "view", *map(str, arguments)],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=heed_ctrl_c,
    )
    try:
        line = process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+/[\w-]+/", line)
        assert found, line + process.stderr.read()
        yield process, found[0]
    finally:
        process.kill()
        process.communicate()


def test_it_tells_an_address_and_ends_with_ctrl_c(run):
    with viewing(run) as (process, address):
        page = urllib.request.urlopen(address, timeout=60).read().decode()
        assert "<title>small - ebmbench report</title>" in page
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        assert process.returncode == 0
        assert out.splitlines()[-1] == "No longer shown. The run is as it was."
        assert err == ""


def test_a_port_can_be_asked_for_unless_it_is_taken(run):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.listen()
        ended = ebmbench("view", run, "--port", port)
    assert ended.code == 2
    assert re.match(rf"--port: 127\.0\.0\.1:{port} is not to be had: .+ Leave it out", ended.err)
    with viewing(run, "--port", port) as (_, address):
        assert f":{port}/" in address


def test_no_browser_is_opened_without_a_terminal(run, tmp_path):
    """Whatever display there is: what is printed goes to a pipe here."""
    opened = tmp_path / "opened"
    browser = tmp_path / "browser"
    browser.write_text(f"#!/bin/sh\necho $1 > {opened}\n")
    browser.chmod(0o755)
    asked = {"BROWSER": f"{browser} %s", "DISPLAY": ":0"}
    with viewing(run, **asked) as (process, address):
        urllib.request.urlopen(address, timeout=60).read()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    assert not opened.exists()
    with viewing(run, "--browser", **asked) as (process, address):
        urllib.request.urlopen(address, timeout=60).read()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    assert opened.read_text() == f"{address}\n"


def test_a_run_that_is_not_there_is_an_error_with_a_remedy(run):
    ended = ebmbench("view", "nothing", "--runs", run.parent)
    assert ended.code == 2
    assert ended.err == "nothing: no such run. There are: small.\n"
