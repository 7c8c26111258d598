"""What a summary says of single values, and the whole as plain data."""

from __future__ import annotations

import json

from ebmbench.summary import as_json, summarise
from support import journal_example as example


def test_a_unit_is_the_metrics_or_the_parts_own():
    summary = summarise(example.run_with_nll(unit={"train": "nats"}), example.records())
    assert summary.unit("hamming.test") == "fraction of pixels"
    assert summary.unit("nll.train") == "nats"
    assert summary.unit("nll.test") == summary.unit("nll") == summary.unit("other.part") == ""


def test_the_json_holds_no_infinities(summary):
    text = json.dumps(as_json(summary), allow_nan=False)
    assert json.loads(text)["boards"][0]["rows"][1]["to_target"]["epochs"] is None


def test_the_json_holds_the_run_as_it_is_stored(summary):
    assert as_json(summary)["run"] == example.run().model_dump(mode="json")
