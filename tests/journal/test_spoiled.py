"""Whatever became of a run's files, no command shows a traceback, and the other cells are there."""

from __future__ import annotations

import json
import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ebmbench.errors import CONTROL, ComponentError, LeftOutWarning, reason
from ebmbench.journal.journal import Journal
from ebmbench.journal.stored import UnreadableError, read_record
from ebmbench.report.figures import draw as drawing
from support import journal_example as example
from support.command_line import ebmbench
from support.spoiled import spoiled
from support.suites import SMALL, write

FEW = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
MINE = example.cell_id("Fast", 0)


def stored(folder):
    """The example, stored; what a test has spoiled of it is gone."""
    journal = Journal(folder)
    (folder / "run.json").unlink(missing_ok=True)
    journal.write_run(example.run())
    for record in example.records():
        journal.write(record)
    return journal


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("spoiled")


@pytest.fixture(scope="module")
def sound(folder):
    return stored(folder / "sound")


@pytest.fixture(scope="module")
def baseline(folder, sound):
    file = folder / "toy.jsonl"
    assert ebmbench("baseline", sound.folder, "-o", file).code == 0
    return file


@pytest.fixture
def broken(folder, sound, monkeypatch):
    """The same run, of which a file is to be spoiled; its report draws no pictures."""
    monkeypatch.setattr(drawing, "draw", lambda *arguments: {})
    return stored(folder / "broken")


def reading(journal, sound, baseline):
    """What reads a run: each command with its arguments."""
    return [
        ("export", journal.folder),
        ("export", journal.folder, "--what", "cost", "--format", "csv"),
        ("report", journal.folder),
        ("compare", sound.folder, journal.folder),
        ("compare", journal.folder, sound.folder, "--format", "markdown"),
        ("compare", baseline, journal.folder, "--format", "junit"),
        ("baseline", journal.folder, "-o", journal.folder / "out.jsonl"),
    ]


CELL = json.dumps(example.record("Fast", 0).model_dump(mode="json")).encode()
RUN = json.dumps(example.run().model_dump(mode="json")).encode()


@FEW
@given(content=spoiled(CELL))
def test_a_spoiled_record_costs_no_more_than_itself(content, broken, sound, baseline):
    (broken.cells / f"{MINE}.json").write_bytes(content)
    for command in reading(broken, sound, baseline):
        ended = ebmbench(*command)  # an exception would come through
        assert ended.code in (0, 3), (command, ended.err)  # 3: of the example's own lost cells
    told = [json.loads(line) for line in ebmbench("export", broken.folder).out.splitlines()]
    others = {(r.method, r.seed) for r in example.records() if r.curves and r.id != MINE}
    assert others <= {(row["method"], row["seed"]) for row in told}


@FEW
@given(content=spoiled(RUN))
def test_a_spoiled_description_is_told_with_its_place(content, broken, sound, baseline):
    file = broken.folder / "run.json"
    file.write_bytes(content)
    for command in reading(broken, sound, baseline):
        ended = ebmbench(*command)
        assert ended.code in (0, 2, 3), (command, ended.err)
        assert ended.code != 2 or ended.err


@FEW
@given(data=st.data())
def test_a_spoiled_baseline_is_told_with_its_place(data, sound, baseline, folder):
    lines = baseline.read_bytes().splitlines()
    index = data.draw(st.integers(0, len(lines) - 1))
    lines[index] = data.draw(spoiled(lines[index]))
    file = folder / "spoiled.jsonl"
    file.write_bytes(b"\n".join(lines) + b"\n")
    for command in (("compare", file, sound.folder), ("compare", sound.folder, file)):
        ended = ebmbench(*command)
        assert ended.code in (0, 2, 3), (command, ended.err)
        assert ended.code != 2 or ended.err


LOOKS = {
    "a huge count": ("cost", "updates", 10**400),
    "a negative epoch": ("cost", "updates", -1),
    "no replicas": ("block", "replicas", 0),
    "infinite seconds": ("block", "seconds", float("inf")),
}


@pytest.mark.parametrize(("part", "key", "value"), LOOKS.values(), ids=LOOKS)
def test_a_number_that_cannot_be_is_told(part, key, value, broken):
    record = json.loads(CELL)
    record[part][key] = value
    (broken.cells / f"{MINE}.json").write_text(json.dumps(record))
    ended = ebmbench("report", broken.folder)
    assert f"{MINE}.json: not a cell's record: " in ended.err


UNTRAINED = """\
suite: bare
seeds: 2
datasets: {bars3: {name: bars, size: 3}}
methods: {Plain: {model: {name: rbm, hidden: 7}}}
train: {epochs: 0}
metrics: [{name: nll}]
"""


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """What runs it again, its folder, and its first record: one for all, as no two are alike."""
    folder = tmp_path_factory.mktemp("finished")
    file = write(folder, UNTRAINED)

    def run():
        return ebmbench("run", file, "--runs", folder, "--jobs", 0)

    assert run().code == 0
    return run, folder / "bare", min((folder / "bare/cells").glob("*.json")).read_bytes()


HIDDEN = ["\x1b[2J", "a\rb", "\x07", "\x9b2J", "\x7f", "\\\x1b"]
TURNING = [*map(chr, (0x61C, 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A)))]
WITHOUT_WIDTH = [*map(chr, (0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF))]


@pytest.mark.parametrize("hidden", [*HIDDEN, *TURNING], ids=ascii)
def test_what_a_terminal_would_obey_is_neither_written_nor_read(hidden, broken):
    file = broken.cells / f"{MINE}.json"
    record = example.record("Fast", 0).model_copy(update={"status": "failed", "reason": hidden})
    broken.write(record)
    (kept,) = broken.read([MINE])
    assert not CONTROL.search(kept.reason)
    file.write_text(json.dumps(record.model_dump(mode="json")))
    with pytest.warns(LeftOutWarning, match="it holds a control character"):
        assert broken.read([MINE]) == []


@pytest.mark.parametrize("hidden", [*HIDDEN, *TURNING, *WITHOUT_WIDTH], ids=ascii)
def test_what_an_error_hides_is_spelt_out(hidden):
    kind = type(f"Odd{hidden}", (Exception,), {})
    for error in (ValueError(hidden), ComponentError("", hidden), kind()):
        said = reason(error)
        assert said.isascii()
        assert not CONTROL.search(said)


@pytest.mark.parametrize("letter", WITHOUT_WIDTH, ids=ascii)
def test_names_are_kept_with_letters_that_have_no_width(letter, broken):
    broken.write(example.record("Fast", 0).model_copy(update={"method": f"a{letter}b"}))
    (kept,) = broken.read([MINE])
    assert kept.method == f"a{letter}b"


def test_texts_with_backslashes_and_lines_are_kept_as_they_are(broken):
    said = "C:\\users\\new\\x1b: \\u001b\n\tat line 7 \\\\b \\"
    broken.write(example.record("Fast", 0).model_copy(update={"reason": said}))
    (kept,) = broken.read([MINE])
    assert kept.reason == said


@settings(FEW, max_examples=8)
@given(data=st.data())
def test_a_spoiled_record_is_kept_aside_and_its_cell_runs_again(data, finished, monkeypatch):
    monkeypatch.setattr(drawing, "draw", lambda *arguments: {})
    run, folder, record = finished
    content = data.draw(spoiled(record))
    assert run().code == 0
    one, other = sorted((folder / "cells").glob("*.json"))
    kept = other.read_bytes()
    one.write_bytes(content)
    aside = set(one.parent.glob("*.unreadable-*"))
    ended = run()
    assert ended.code in (0, 3), ended.err  # 3: it now says that the cell failed
    assert other.read_bytes() == kept
    moved = set(one.parent.glob("*.unreadable-*")) - aside
    assert [file.read_bytes() for file in moved] == ([content] if "Left out: " in ended.err else [])
    if moved:
        assert one.name in ended.err
        assert "the cell runs again" in ended.err
        assert json.loads(one.read_bytes())["curves"] == json.loads(record)["curves"]
    one.unlink()


@pytest.mark.parametrize("content", [b"", b"{}", b'{"format": 1}', b"\xff"])
def test_a_spoiled_description_is_kept_aside_when_the_suite_runs_again(content, finished):
    run, folder, _ = finished
    file = folder / "run.json"
    whole, aside = file.read_bytes(), set(folder.glob("run.json.unreadable-*"))
    file.write_bytes(content)
    ended = run()
    assert ended.code == 0, ended.err
    (moved,) = set(folder.glob("run.json.unreadable-*")) - aside
    assert moved.read_bytes() == content
    assert f"Left out: {file}: " in ended.err
    assert f"It is kept as {moved.name}, and the run is described anew." in ended.err
    assert file.read_bytes() == whole
    assert "run.json" not in run().err


@pytest.mark.parametrize("command", ["run", "report", "export"])
def test_a_folder_in_a_records_place_stops_nothing(command, tmp_path):
    file = write(tmp_path, UNTRAINED)
    run = ("run", file, "--runs", tmp_path, "--jobs", 0)
    assert ebmbench(*run).code == 0
    record = next((tmp_path / "bare/cells").glob("*.json"))
    record.unlink()
    record.mkdir()
    ended = ebmbench(*run) if command == "run" else ebmbench(command, tmp_path / "bare")
    assert ended.code == 0
    assert f"{record}: not a cell's record: Is a directory" in ended.err
    assert record.is_dir() == (command != "run")


def test_pictures_that_cannot_be_read_are_left_out(tmp_path):
    journal = stored(tmp_path / "toy")
    (journal.cells / f"{MINE}.safetensors").write_bytes(b"no tensors")
    with pytest.warns(UserWarning, match="not the arrays of a cell"):
        assert journal.pictures(MINE) == {}


def test_two_suites_of_one_name_each_tell_their_own_run(tmp_path, monkeypatch):
    """The other command starts while this one runs, and writes its own description."""
    import ebmbench.api.execute as execute

    mine, runs = write(tmp_path, SMALL), tmp_path / "runs"
    other = write(tmp_path, UNTRAINED.replace("suite: bare", "suite: small"), "other.yaml")
    theirs, run_plan = Journal(runs / "small"), execute.run_plan

    def beside_another(*arguments):
        monkeypatch.setattr(execute, "run_plan", run_plan)
        run_plan(*arguments)
        ebmbench("run", other, "--runs", runs, "--jobs", 0)

    monkeypatch.setattr(execute, "run_plan", beside_another)
    ended = ebmbench("run", mine, "--runs", runs, "--jobs", 0, "--json")
    assert theirs.read_run().methods == ("Plain",)
    told = json.loads(ended.out)["summary"]["run"]
    assert told["methods"] == ["RAPID", "CD-2"]
    page = (runs / "small/report/README.md").read_text()
    assert "RAPID" in page
    assert "Plain" not in page


def test_a_file_that_is_far_too_large_is_not_read(tmp_path):
    file = tmp_path / "a.json"
    with file.open("wb") as stream:
        stream.truncate(300 << 20)  # a hole, which takes no room
    with pytest.raises(UnreadableError, match="larger than 256 MiB"):
        read_record(file)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_in_place_of_a_record_is_told_and_not_waited_for(tmp_path):
    file = tmp_path / "x.json"
    os.mkfifo(file)
    with pytest.raises(UnreadableError, match="no file but a pipe"):
        read_record(file)
