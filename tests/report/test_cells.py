"""Cells of the tables."""

from __future__ import annotations

from dataclasses import replace

from ebmbench.report.cells import verdict_lines
from ebmbench.summary.statistics import compare


def test_an_inconclusive_verdict_says_what_would_settle_it():
    c = compare([1.0, 2.0, 4.0, 2.5], [1.5, 1.0, 3.5, 2.6], "lower")
    assert "needs ~" in "\n".join(verdict_lines(c))
    alone = compare([1.0], [2.0], "lower")
    assert "needs at least 2 seeds" in "\n".join(verdict_lines(alone))
    hopeless = replace(c, more_seeds=None)
    assert "1000 seeds may not do" in "\n".join(verdict_lines(hopeless))
