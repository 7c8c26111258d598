"""Cells that did not end well."""

from __future__ import annotations


def test_troubles_name_the_cell_and_the_reason(summary):
    found = [(t.method, t.seed, t.status, t.reason) for t in summary.troubles]
    assert found[1] == ("Twin", 5, "failed", "out of memory")
    assert found[0][:3] == ("Twin", 4, "diverged")
