"""Learning curves."""

from __future__ import annotations

from math import isnan

import numpy as np
import pytest

from ebmbench.summary import summarise
from support import journal_example as example


def test_curves_are_means_over_seeds(board):
    curve = board.row("Fast").curves["hamming.test"]
    mine = [r for r in example.records() if r.method == "Fast"]
    third = [r.curves["hamming.test"].value[2] for r in mine]
    assert curve.epochs == example.EPOCHS
    assert curve.values[2].mean == pytest.approx(np.mean(third))


def test_a_spectrum_has_final_values_and_no_curves(summary, board):
    assert summary.metrics["spectrum"] == tuple(f"spectrum.{i}" for i in (1, 2, 3, 4))
    assert "spectrum.1" in board.row("Fast").final
    assert "spectrum.1" not in board.row("Fast").curves


def test_a_moment_that_only_some_seeds_have_is_a_gap():
    records = [
        example.without_end(r, "nll.test") if (r.method, r.seed) == ("Fast", 1) else r
        for r in example.records()
    ]
    curve = summarise(example.run(), records).boards[0].row("Fast").curves["nll.test"]
    assert isnan(curve.values[-1].mean)
    assert curve.values[-1].partial
    assert not isnan(curve.values[0].mean)
