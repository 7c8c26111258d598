"""The folder of a run: what is written, found and read back."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import torch

from ebmbench.errors import ConfigError
from ebmbench.journal.documents import FORMAT, Curve
from ebmbench.journal.journal import Journal
from ebmbench.journal.whole_file import write_bytes
from support import journal_example as example
from support import sweep_example


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    file = tmp_path / "cells" / "a.json"
    write_bytes(file, b"whole")
    with pytest.raises(TypeError):
        write_bytes(file, object())
    assert file.read_bytes() == b"whole"
    assert [each.name for each in file.parent.iterdir()] == ["a.json"]


def test_a_folder_in_its_way_is_named_and_not_what_was_written_beside_it(tmp_path):
    file = tmp_path / "README.md"
    file.mkdir()
    with pytest.raises(OSError, match="Is a directory") as caught:
        write_bytes(file, b"whole")
    assert caught.value.filename == str(file)
    assert [*tmp_path.iterdir()] == [file]


@pytest.mark.parametrize("run", [example.run(), sweep_example.run()], ids=["plain", "swept"])
def test_a_run_is_read_back_as_it_was_written(tmp_path, run):
    journal = Journal(tmp_path)
    journal.write_run(run)
    assert journal.read_run() == run


def test_records_are_read_back_as_they_were_written_however_they_ended(tmp_path):
    journal, records = Journal(tmp_path), example.records()
    for record in records:
        journal.write(record)
    assert journal.read(record.id for record in records) == records
    assert {record.status for record in records} == {"done", "diverged", "failed"}


def test_records_come_in_the_order_asked_for_and_missing_ones_are_left_out(tmp_path):
    journal = Journal(tmp_path)
    first, second = (example.record("Fast", seed) for seed in (0, 1))
    for record in (first, second):
        journal.write(record)
    assert journal.read([second.id, "missing", first.id]) == [second, first]


def fate(journal, record):
    """What the index of records says of one, if it says anything."""
    entry = journal.index.entries().get(record.id)
    return entry and entry.fate


def test_the_fate_of_a_cell_says_whether_a_metric_failed(tmp_path):
    journal, record = Journal(tmp_path), example.record("Fast", 0)
    assert fate(journal, record) is None
    journal.write(record)
    assert fate(journal, record) == "done"
    journal.write(example.changed(record, unmeasured={"nll": "it is too large"}))
    assert fate(journal, record) == "unmeasured"
    journal.write(example.changed(record, unmeasured={"nll": "why"}, status="diverged"))
    assert fate(journal, record) == "diverged"


def test_a_run_is_found_by_its_name_or_its_folder(tmp_path):
    Journal(tmp_path / "bars").write_run(example.run())
    assert Journal.open(Path("bars"), tmp_path).folder == tmp_path / "bars"
    assert Journal.open(tmp_path / "bars", tmp_path / "elsewhere").read_run() == example.run()
    with pytest.raises(ConfigError, match=r"no such run\. There are: bars\."):
        Journal.open(Path("baz"), tmp_path)


def test_what_json_does_not_know_is_not_written(tmp_path):
    journal, record = Journal(tmp_path), example.record("Fast", 0)
    curve = Curve(epoch=(0,), update=(0,), seconds=(0.0,), value=(float("nan"),))
    with pytest.raises(ValueError, match="not JSON compliant"):
        journal.write(example.changed(record, curves={"nll": curve}))
    assert not journal.cells.exists()


@pytest.mark.parametrize("format_", [FORMAT - 1, FORMAT + 1])
def test_a_record_of_another_format_has_no_fate(tmp_path, format_):
    journal, record = Journal(tmp_path), example.records()[0]
    journal.write(record)
    file = journal.cells / f"{record.id}.json"
    file.write_text(file.read_text().replace(f'"format": {FORMAT}', f'"format": {format_}'))
    assert fate(journal, record) is None


@pytest.mark.parametrize("umask", [0o022, 0o027, 0o077])
def test_the_users_umask_says_who_may_read_a_record(tmp_path, umask):
    journal, record = Journal(tmp_path), example.records()[0]
    before = os.umask(umask)
    try:
        journal.write_run(example.run())
        journal.write(record)
        journal.write_parameters(record.id, {"W": torch.ones(2, 3)})
    finally:
        os.umask(before)
    files = [each for each in tmp_path.rglob("*") if each.is_file()]
    assert len(files) == 3
    assert {file.stat().st_mode & 0o777 for file in files} == {0o666 & ~umask}
