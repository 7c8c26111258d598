"""What reports say of the negative phase."""

from __future__ import annotations

from ebmbench.report.negative import negative_line
from ebmbench.report.parts import Table
from ebmbench.report.sections.negative import negative_phase
from ebmbench.summary import summarise
from support import journal_example as example


def tables_of(parts) -> list[list[list[str]]]:
    """The cells of each row of each table, its heading first."""
    tables = [part for part in parts if isinstance(part, Table)]
    return [[[*table.head], *table.rows] for table in tables]


def test_one_sentence_gives_every_method_in_units_of_the_baseline(summary, board):
    assert "of Slow's multiply-adds and of its time" in negative_line(summary, board)
    assert "Fast 0.05x and 0.1x; Twin 1x and 1.2x." in negative_line(summary, board)


def test_without_a_baseline_there_is_no_sentence_and_no_ratio():
    summary = summarise(example.run(baseline=None), example.records())
    assert negative_line(summary, summary.boards[0]) == ""
    assert "None" not in str(negative_phase(summary, summary.boards[0]))


def test_an_epoch_and_an_update_are_counted_and_measured(summary, board):
    per_epoch, per_update = tables_of(negative_phase(summary, board))
    assert per_epoch[1] == ["Fast", "640 k", "5.00 k", "1.28 M", "500 µs", "0.05x", "0.1x"]
    assert per_update[1] == ["Fast", "5", "128 k", "1.00 k", "256 k", "100 µs"]
    assert [row[0] for row in per_epoch] == ["Method", "Fast", "Slow", "Twin"]


def test_a_method_of_which_no_seed_is_done_has_no_epoch():
    records = [*example.diverged_late()[:1], example.record("Slow", 0)]
    summary = summarise(example.run(), records)
    assert negative_line(summary, summary.boards[0]) == ""
    per_epoch, per_update = tables_of(negative_phase(summary, summary.boards[0]))
    assert per_epoch[1] == ["Fast", *["-"] * 6]
    assert per_update[1][:3] == ["Fast", "-", "128 k"]


def test_without_any_record_there_is_no_section():
    summary = summarise(example.run(), [])
    assert negative_phase(summary, summary.boards[0]) == []
