"""Whatever a terminal can show, whoever reads, and whatever matplotlib is set to."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ebmbench.commands import output
from ebmbench.errors import LeftOutWarning
from ebmbench.report import write_report
from ebmbench.report.figures import draw as drawing
from ebmbench.summary import summarise
from support.command_line import ebmbench as in_this_process
from support.suites import SMALL, write

ASCII = {"PYTHONIOENCODING": "ascii"}
C_LOCALE = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
LATIN = {"PYTHONIOENCODING": "latin-1"}
NOTEBOOK = {"MPLBACKEND": "module://matplotlib_inline.backend_of_a_kernel"}


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """A folder with a suite of a name in another script, and its run."""
    folder = tmp_path_factory.mktemp("surroundings")
    text = SMALL.replace("CD-2", "\u0431\u00e9\u4e2d")
    command = ("run", write(folder, text), "--jobs", 0)
    ended = started(folder, *command, **ASCII)
    assert ended.returncode == 0, ended.stderr
    return folder


def started(folder, *arguments, reader=None, **environment):
    command = [sys.executable, "-m", "ebmbench", *map(str, arguments)]
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    if reader == "gone":
        process.stdout.close()
        process.stdout = None
    out, err = process.communicate()
    return subprocess.CompletedProcess(
        command, process.returncode, (out or b"").decode("latin-1"), err.decode("latin-1")
    )


SHOWN = {  # of a run in ASCII there is one above
    "a report in a C locale": (("report", "small"), C_LOCALE),
    "a report in Latin 1": (("report", "small"), LATIN),
    "a list in ASCII": (("list",), ASCII),
    "help in ASCII": (("--help",), ASCII),
}


@pytest.mark.parametrize(("command", "environment"), SHOWN.values(), ids=SHOWN)
def test_what_cannot_be_shown_is_written_otherwise(runs, command, environment):
    ended = started(runs, *command, **environment)
    assert ended.returncode == 0, ended.stderr
    assert "Error" not in ended.stderr


def test_letters_fall_back_to_their_like_or_their_code():
    output.codecs.register_error("plain", output._plain)
    text = "0.3 \u00b1 0.1 \u2264 \u00e9, \u0431"
    assert text.encode("ascii", "plain") == rb"0.3 +/- 0.1 <= e, \u0431"
    assert "\u00b1 \u2264".encode("latin-1", "plain") == b"\xb1 <="


@pytest.mark.parametrize("command", [("report", "small"), ("list",), ("schema",), ("--help",)])
def test_a_reader_that_has_gone_ends_nothing(runs, command):
    ended = started(runs, *command, reader="gone")
    assert ended.returncode == 0, ended.stderr
    assert "Error" not in ended.stderr


def test_no_file_is_left_open(tmp_path):
    ended = started(tmp_path, "--version", PYTHONWARNINGS="error")
    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device here is always full")
@pytest.mark.parametrize("command", [("list", "--json"), ("export", "small"), ("--version",)])
def test_a_disk_that_is_full_is_told(runs, command):
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "ebmbench", *command],
            cwd=runs,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (ended.returncode, ended.stderr.count("No space left on device")) == (2, 1)


def test_a_run_whose_reader_has_gone_is_run_to_its_end(tmp_path):
    command = ("run", write(tmp_path), "--quick", "--jobs", 0, "--only", "CD-2")
    assert started(tmp_path, *command, reader="gone").returncode == 0
    assert (tmp_path / "runs/small/report/README.md").is_file()


def test_a_stream_that_is_no_file_stays_as_it_is():
    for stream in (io.StringIO(), io.TextIOWrapper(io.BytesIO())):
        assert output._forgiving(stream) is stream


def test_a_backend_that_is_not_here_changes_no_picture(runs):
    pictures = {}
    for name, environment in (("theirs", NOTEBOOK), ("none", {"MPLBACKEND": ""})):
        assert started(runs, "report", "small", **environment).returncode == 0
        folder = runs / "runs/small/report"
        pictures[name] = {file.name: file.read_bytes() for file in folder.glob("*.png")}
    assert pictures["theirs"]
    assert pictures["theirs"] == pictures["none"]


def test_pictures_that_fail_cost_no_report(runs, monkeypatch, tmp_path):
    import ebmbench

    monkeypatch.setattr(drawing, "draw", _without_ink)
    run = ebmbench.open_run(runs / "runs/small")
    with pytest.warns(LeftOutWarning, match="could not be drawn: RuntimeError: no ink"):
        page, _ = write_report(summarise(run.document, run.records), run.records, tmp_path)
    assert "The pictures could not be drawn: RuntimeError: no ink" in page.read_text()
    assert (tmp_path / "summary.json").is_file()


@pytest.mark.parametrize("closed", [1, 2])
def test_output_that_was_closed_before_stops_nothing(closed, tmp_path):
    ended = subprocess.run(
        [sys.executable, "-m", "ebmbench", "validate", write(tmp_path)],
        preexec_fn=lambda: os.close(closed),
        stdout=None if closed == 1 else subprocess.PIPE,
        stderr=None if closed == 2 else subprocess.PIPE,
        timeout=120,
    )
    assert ended.returncode == 0
    assert b"Traceback" not in (ended.stderr or b"")


@pytest.mark.parametrize("command", ["run", "report"])
def test_pictures_that_fail_are_told_in_one_line_of_the_terminal(command, runs, monkeypatch):
    monkeypatch.setattr(drawing, "draw", _without_ink)
    suite, folder = write(runs, SMALL, "again.yaml"), runs / "again"
    asked = {
        "run": ("run", suite, "--runs", folder, "--jobs", 0, "--seeds", 1),
        "report": ("report", runs / "runs/small"),
    }
    ended = in_this_process(*asked[command])
    assert ended.code == 0
    (told,) = (line for line in ended.err.splitlines() if "pictures" in line)
    assert "the pictures could not be drawn: RuntimeError: no ink at all" in told


def _without_ink(*arguments):
    raise RuntimeError("no ink\nat all")
