"""What the cells ran on."""

from __future__ import annotations

import journal_example as example
from ebmbench.summary import summarise


def test_the_environment_is_the_set_of_what_the_cells_ran_on(summary):
    assert summary.environment["python"] == ("3.11.7",)
    assert summary.blocks == {"Fast": (3,), "Slow": (3,), "Twin": (3,)}


def test_a_cell_that_failed_trained_beside_nobody():
    records = [r for r in example.records() if r["status"] == "failed"]
    assert summarise(example.run(), records).blocks == {}
