"""Stored documents that are not what they should be: place, problem and remedy; no traceback."""

from __future__ import annotations

import json
from math import inf, nan

import pytest

from ebmbench.errors import ConfigError, LeftOutWarning
from ebmbench.journal.documents import FORMAT, Curve, finite
from ebmbench.journal.journal import Journal
from support import journal_example as example
from support.command_line import ebmbench

CELL = example.record("Fast", 0)
AGAIN = "Delete it; the command that ran the suite makes it again."


def edited(**changes):
    """A stored document with keys replaced."""
    return lambda content: json.dumps({**json.loads(content), **changes}).encode()


def within(*path, **changes):
    """A stored document with keys replaced in a part of it."""

    def breaking(content):
        document = json.loads(content)
        part = document
        for key in path:
            part = part[key]
        part.update(changes)
        return json.dumps(document).encode()

    return breaking


def without(key):
    """A stored document with a key taken out."""
    return lambda content: json.dumps(
        {name: each for name, each in json.loads(content).items() if name != key}
    ).encode()


BROKEN = {
    "older format": (
        edited(format=FORMAT - 1),
        [f"of format {FORMAT - 1}, and this version of ebmbench reads format {FORMAT}"],
        "Give the command that ran the suite again",
    ),
    "newer format": (
        edited(format=FORMAT + 1),
        [f"of format {FORMAT + 1}, and this version of ebmbench reads format {FORMAT}"],
        "Use the version of ebmbench that wrote it",
    ),
    "no format": (without("format"), ["it says no format"], AGAIN),
    "a format that is no number": (edited(format=True), ["it says no format"], AGAIN),
    "cut short": (lambda content: content[:40], ["it is no JSON (line "], AGAIN),
    "empty": (lambda content: b"", ["it is no JSON (line 1, column 1)"], AGAIN),
    "a list": (lambda content: b"[1, 2]", ["it says no format"], AGAIN),
    "another object": (lambda content: b'{"name": "left-pad"}', ["it says no format"], AGAIN),
    "a stranger of our format": (
        lambda content: json.dumps({"format": FORMAT, "name": "left-pad"}).encode(),
        ["Field required"],
        AGAIN,
    ),
    "an unknown key": (edited(sedes=3), ["sedes: Extra inputs are not permitted"], AGAIN),
    "not UTF-8": (lambda content: b"\xff" + content, ["it is no UTF-8 text"], AGAIN),
}
BROKEN_CELLS = {
    "a word for a number": (edited(seed="seven"), ["seed: ", "valid integer"], AGAIN),
    "a word that is none of them": (edited(status="fine"), ["status: ", "'done'"], AGAIN),
    "a key is missing": (without("environment"), ["environment: Field required"], AGAIN),
    "a number within": (
        edited(block={"replicas": 3.5, "seconds": 1.0}),
        ["block.replicas: ", "valid integer"],
        AGAIN,
    ),
    "columns of two lengths": (
        within("curves", "nll.train", value=[1.5]),
        ["curves.nll.train: ", "epoch, update, seconds and value differ in length"],
        AGAIN,
    ),
    "a phase is missing": (
        within("cost", seconds={"data": 1.5, "negative": 2.5}),
        ["cost: ", "must have the phases data, negative, optimizer"],
        AGAIN,
    ),
    "a phase too many": (
        within("cost", counted={**CELL.model_dump()["cost"]["counted"], "lunch": [1, 0, 0, 0]}),
        ["cost: ", "must have the phases data, negative, optimizer"],
        AGAIN,
    ),
    "a picture that was never taken": (
        edited(pictures={"samples.grid": {"kind": "images", "epochs": []}}),
        ["pictures.samples.grid.epochs: ", "at least 1 item"],
        AGAIN,
    ),
    "another cell's": (
        edited(id=example.cell_id("Slow", 3)),
        [f"id: '{example.cell_id('Slow', 3)}' is not the file's name"],
        AGAIN,
    ),
}
BROKEN_RUNS = {
    "a number for a list": (edited(seeds=3), ["seeds: ", "valid array"], AGAIN),
    "a key is missing": (without("components"), ["components: Field required"], AGAIN),
    "a key within": (
        edited(report={"baselin": "Slow"}),
        ["report.baselin: Extra inputs are not permitted"],
        AGAIN,
    ),
}
CASES = [
    *(("cell", "a cell's record", *case) for case in {**BROKEN, **BROKEN_CELLS}.values()),
    *(("run", "a run's description", *case) for case in {**BROKEN, **BROKEN_RUNS}.values()),
]
NAMES = [
    f"{kind}: {name}"
    for kind, more in (("cell", BROKEN_CELLS), ("run", BROKEN_RUNS))
    for name in {**BROKEN, **more}
]


@pytest.fixture
def journal(tmp_path):
    """A run of which one cell is there."""
    journal = Journal(tmp_path / "toy")
    journal.write_run(example.run())
    journal.write(CELL)
    return journal


def broken(journal, kind, breaking):
    """The file of this kind, broken."""
    file = journal.cells / f"{CELL.id}.json" if kind == "cell" else journal.folder / "run.json"
    file.write_bytes(breaking(file.read_bytes()))
    return file


@pytest.mark.parametrize(("kind", "what", "breaking", "problems", "remedy"), CASES, ids=NAMES)
def test_a_broken_file_is_named_with_what_is_wrong_and_what_to_do(
    journal, kind, what, breaking, problems, remedy
):
    file = broken(journal, kind, breaking)
    if kind == "run":
        with pytest.raises(ConfigError) as error:
            journal.read_run()
        said = str(error.value)
    else:
        with pytest.warns(LeftOutWarning) as told:
            assert journal.read_cells(example.run()) == []
        said = str(told.pop(LeftOutWarning).message)
    assert said.startswith(f"{file}: ")
    assert all(each in said for each in (what, remedy, *problems))
    assert "\n" not in said


@pytest.mark.parametrize(("kind", "what", "breaking", "problems", "remedy"), CASES, ids=NAMES)
def test_the_command_line_says_so_and_shows_no_traceback(
    journal, kind, what, breaking, problems, remedy
):
    file = broken(journal, kind, breaking)
    ended = ebmbench("export", journal.folder)
    assert (ended.code, ended.out) == (2 if kind == "run" else 0, "")
    assert ended.err.startswith(f"{file}: " if kind == "run" else f"Left out: {file}: ")
    assert ended.err.count("\n") == 1
    assert remedy in ended.err
    assert "Traceback" not in ended.err


@pytest.mark.parametrize("key", ["dataset", "method"])
@pytest.mark.parametrize("command", ["report", "export", "baseline", "compare", "sample"])
def test_a_record_of_what_the_run_does_not_have_is_left_out_and_told(
    journal, tmp_path, command, key
):
    journal.write(example.record("Slow", 0))
    broken(journal, "cell", edited(**{key: "Fats"}))
    more = {
        "baseline": ["-o", tmp_path / "toy.jsonl"],
        "compare": [journal.folder],
        "sample": ["--method", "Fast", "-o", tmp_path / "v.npz"],
    }
    ended = ebmbench(command, journal.folder, *more.get(command, ()))
    assert ended.code == (2 if command == "sample" else 0)  # which asked for that very cell
    assert f"cells/{CELL.id}.json: not a record of this run: {key}: the run has no " in ended.err
    assert AGAIN in ended.err
    assert "Traceback" not in ended.err


def test_of_two_records_of_one_cell_the_second_is_left_out(journal):
    twin, *_ = (each for each in example.records() if each.id != CELL.id)
    journal.write(example.changed(CELL, id=twin.id))
    with pytest.warns(LeftOutWarning, match=f"{CELL.id} is of the same cell"):
        assert journal.read_cells(example.run()) == [CELL]


def test_the_other_records_are_read(journal):
    other = example.record("Slow", 3)
    journal.write(other)
    broken(journal, "cell", lambda content: b"")
    with pytest.warns(LeftOutWarning):
        assert journal.read_cells(example.run()) == [other]


def test_a_folder_in_a_records_place_is_named_too(journal):
    file = journal.folder / "run.json"
    file.unlink()
    file.mkdir()
    with pytest.raises(ConfigError, match=r"run\.json: not a run's description: Is a directory"):
        journal.read_run()


def test_json_knows_no_infinities():
    assert finite([1.5, inf, nan, -inf]) == (1.5, None, None, None)


def test_the_last_of_no_values_is_none():
    assert Curve(epoch=(), update=(), seconds=(), value=()).last is None
