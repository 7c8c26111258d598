"""The index of records: a cache that is never the truth."""

import os
import sqlite3
import time

import pytest

from ebmbench.journal import index as module
from ebmbench.journal.index import Entry, Index
from ebmbench.journal.journal import Journal
from support.command_line import ebmbench
from support.suites import write

LONG_AGO = 10**18


@pytest.fixture
def journal(tmp_path):
    """A run whose records were written long ago."""
    assert ebmbench("run", write(tmp_path), "--jobs", 0, "--runs", tmp_path / "runs").code == 0
    journal = Journal(tmp_path / "runs/small")
    for file in journal.cells.glob("*.json"):
        os.utime(file, ns=(LONG_AGO, LONG_AGO))
    (journal.folder / "index.sqlite").unlink(missing_ok=True)
    return journal


@pytest.fixture
def read(monkeypatch):
    """The records that the index reads."""
    found = []
    real = module.read_record

    def noting(file):
        found.append(file.stem)
        return real(file)

    monkeypatch.setattr(module, "read_record", noting)
    return found


def test_it_says_what_records_say_and_reads_each_once(journal, read):
    records = journal.read(journal.ids())
    expected = {r.id: Entry(r.dataset, r.method, r.seed, r.fate, False) for r in records}
    assert Index(journal.cells).entries() == expected
    assert sorted(read) == sorted(expected)
    read.clear()
    assert Index(journal.cells).entries() == expected
    assert not read


def test_a_record_that_was_written_again_or_is_gone_or_new_is_seen(journal, read):
    first, second, *_ = sorted(journal.cells.glob("*.json"))
    before = journal.index.entries()
    read.clear()
    first.write_text(first.read_text().replace('"done"', '"diverged"'))
    os.utime(first, ns=(LONG_AGO + 1, LONG_AGO + 1))
    second.unlink()
    after = journal.index.entries()
    assert read == [first.stem]
    assert after[first.stem].fate == "diverged"
    assert before.keys() - after.keys() == {second.stem}
    read.clear()
    assert journal.index.entries() == after
    assert not read


def test_a_record_that_was_written_a_moment_ago_is_read_again(journal, read):
    file = next(iter(sorted(journal.cells.glob("*.json"))))
    os.utime(file, ns=(time.time_ns(), time.time_ns()))
    for _ in range(2):
        journal.index.entries()
    assert read.count(file.stem) == 2


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" * 99], ids=len)
def test_one_that_cannot_be_read_is_made_again(journal, read, content):
    expected = journal.index.entries()
    (journal.folder / "index.sqlite").write_bytes(content)
    assert journal.index.entries() == expected
    read.clear()
    assert journal.index.entries() == expected
    assert not read


def test_one_of_another_kind_is_made_again(journal):
    expected = journal.index.entries()
    file = journal.folder / "index.sqlite"
    file.unlink()
    base = sqlite3.connect(file)
    base.execute("create table records (id text, other text)")
    base.execute("insert into records values ('a', 'b')")
    base.commit()
    base.close()
    assert journal.index.entries() == expected


def test_a_record_that_cannot_be_read_is_none(journal):
    file = next(iter(sorted(journal.cells.glob("*.json"))))
    file.write_text("{")
    assert file.stem not in journal.index.entries()


def test_where_no_index_can_be_written_all_is_read(journal, read, monkeypatch):
    def full(file, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "write_bytes", full)
    for _ in range(2):
        assert len(journal.index.entries()) == 6
    assert len(read) == 12


def test_without_any_record_there_is_nothing(tmp_path):
    assert Index(tmp_path / "cells").entries() == {}
    assert not [*tmp_path.iterdir()]
