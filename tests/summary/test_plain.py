"""The summary as plain data."""

from __future__ import annotations

import json

from ebmbench.summary import as_json


def test_the_json_holds_no_infinities(summary):
    text = json.dumps(as_json(summary), allow_nan=False)
    assert json.loads(text)["boards"][0]["rows"][1]["to_target"]["epochs"] is None
