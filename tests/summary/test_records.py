"""Which records count, in what order, and what the cells ran on."""

from __future__ import annotations

from ebmbench.summary import as_json, summarise
from support import journal_example as example


def test_the_order_of_the_records_does_not_matter(summary):
    shuffled = summarise(example.run(), example.records()[::-1])
    assert as_json(shuffled) == as_json(summary)


def test_records_of_other_cells_are_ignored(summary):
    stranger = example.changed(example.record("Fast", 0), id="bars--Fast--s0--other")
    assert as_json(summarise(example.run(), [*example.records(), stranger])) == as_json(summary)


def test_the_environment_is_the_set_of_what_the_cells_ran_on(summary):
    assert summary.environment["python"] == ("3.11.7",)
    assert summary.blocks == {"Fast": (3,), "Slow": (3,), "Twin": (3,)}


def test_a_cell_that_failed_trained_beside_nobody():
    records = [r for r in example.records() if r.status == "failed"]
    assert records
    assert summarise(example.run(), records).blocks == {}
