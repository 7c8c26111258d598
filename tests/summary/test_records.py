"""Which records count, and in what order."""

from __future__ import annotations

import journal_example as example
from ebmbench.summary import as_json, summarise


def test_the_order_of_the_records_does_not_matter(summary):
    shuffled = summarise(example.run(), example.records()[::-1])
    assert as_json(shuffled) == as_json(summary)


def test_records_of_other_cells_are_ignored(summary):
    stranger = {**example.record("Fast", 0), "id": "bars--Fast--s0--other"}
    assert as_json(summarise(example.run(), [*example.records(), stranger])) == as_json(summary)
