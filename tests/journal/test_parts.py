"""A smaller question never replaces a larger one's description and report."""

from pathlib import Path

import pytest

from ebmbench.journal.journal import Journal
from support import journal_example as example
from support.command_line import ebmbench
from support.suites import SMALL, write

FULL = SMALL.replace("seeds: 3", "seeds: 2").replace("epochs: 3}", "epochs: 2}")


def run_of(**changes):
    return example.changed(example.run(), **changes)


def test_the_first_run_of_a_folder_is_described_in_it_however_small(tmp_path):
    journal = Journal(tmp_path / "small")
    assert journal.of(run_of(narrowed=("quick",))).folder == journal.folder


def test_a_whole_run_replaces_what_is_there(tmp_path):
    journal = Journal(tmp_path / "small")
    journal.write_run(run_of(narrowed=("quick",)))
    assert journal.of(run_of()).folder == journal.folder


@pytest.mark.parametrize("there", [(), ("only Slow",)])
def test_a_smaller_one_has_a_place_of_its_own_and_shares_the_cells(there, tmp_path):
    journal = Journal(tmp_path / "small")
    journal.write_run(run_of(narrowed=there))
    fewer = run_of(narrowed=("quick", "only Fast"), cells=example.run().cells[:1])
    part = journal.of(fewer)
    assert part.folder.parent == tmp_path / "small/parts"
    assert part.cells == journal.cells
    part.write_run(fewer)
    assert journal.read_run() == run_of(narrowed=there)
    assert Journal.open(part.folder, Path("elsewhere")).cells == journal.cells


def ran(suite, folder, *options):
    return ebmbench("run", suite, "--runs", folder, "--jobs", 0, *options)


@pytest.mark.parametrize(
    "less", [("--only", "CD-2"), ("--seeds", 1), ("--quick",), ("--epochs", 1)]
)
def test_what_is_narrowed_reports_what_it_was_asked_and_leaves_the_rest(less, tmp_path):
    suite, folder = write(tmp_path, FULL), tmp_path / "runs"
    assert ran(suite, folder).code == 0
    whole = (folder / "small/run.json", folder / "small/report/README.md")
    before = [file.read_bytes() for file in whole]
    ended = ran(suite, folder, *less)
    assert ended.code == 0, ended.err
    (part,) = (folder / "small/parts").iterdir()
    assert str(part / "report/README.md") in ended.out
    assert [file.read_bytes() for file in whole] == before


def test_a_gate_of_a_method_or_seed_that_is_gone_fails(tmp_path):
    suite = write(tmp_path, FULL + "gates: {hamming.test: 50%}\n")
    assert ran(suite, tmp_path / "base").code == 0
    for less, says in (
        (("--only", "CD-2"), "head does not run it"),
        (
            ("--seeds", 1),
            "head does not run seed 1",
        ),
    ):
        folder = tmp_path / f"head{less[0]}"
        assert ran(suite, folder, *less).code == 0
        ended = ebmbench("compare", tmp_path / "base/small", folder / "small")
        assert ended.code == 1
        assert says in ended.out


def test_a_folder_that_is_called_as_parts_are_is_a_run_like_any_other(tmp_path):
    run = Journal(tmp_path / "parts" / "small")
    assert (run.cells, run.runs) == (run.folder / "cells", tmp_path / "parts")


def test_a_part_is_one_from_wherever_it_is_named(tmp_path, monkeypatch):
    journal = Journal(tmp_path / "small")
    journal.write_run(run_of())
    part = journal.folder / "parts" / "quick"
    part.mkdir(parents=True)
    for here, name in ((part, "."), (part.parent, "quick"), (journal.folder, "parts/quick")):
        monkeypatch.chdir(here)
        found = Journal(Path(name))
        assert (found.cells, found.runs) == (journal.cells, tmp_path)
