"""Markdown tables."""

from __future__ import annotations

from ebmbench.report.markdown.table import table


def test_table_rows_are_aligned_and_bars_escaped():
    lines = table(["a", "b"], [["1", "x|y"], ["long one", ""]]).splitlines()
    assert len({len(line) for line in lines}) == 1
    assert "x\\|y" in lines[2]
