"""What a summary says of single values."""

from __future__ import annotations

import journal_example as example
from ebmbench.summary import summarise


def test_a_unit_is_the_metrics_or_the_parts_own():
    run = example.run()
    run["metrics"]["nll"]["unit"] = {"train": "nats"}
    summary = summarise(run, example.records())
    assert summary.unit("hamming.test") == "fraction of pixels"
    assert summary.unit("nll.train") == "nats"
    assert summary.unit("nll.test") == summary.unit("nll") == summary.unit("other.part") == ""
