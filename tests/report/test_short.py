"""The report in short."""

from __future__ import annotations

import pytest

from ebmbench.report.markdown import short
from ebmbench.summary import summarise
from support import sweep_example
from support.result_example import result, spread


def many(methods: int, datasets: int):
    ends = {f"M{i}": spread(0.1 + 0.02 * i, 0.001, turn=i) for i in range(methods)}
    return result({f"d{i}": ends for i in range(datasets)}, baseline="M3")


@pytest.mark.parametrize(("methods", "datasets"), [(4, 1), (15, 1), (6, 3), (6, 25)])
def test_it_has_less_than_60_lines_and_the_answer(methods, datasets):
    text = short(many(methods, datasets))
    assert len(text.splitlines()) < 60
    assert "**M0 wins on " in text
    assert text.endswith("\n")


def test_of_many_methods_it_has_the_best():
    text = short(many(15, 1))
    rows = [line.split("|")[1].strip() for line in text.splitlines() if line.startswith("| M")]
    assert rows == ["Method", *(f"M{i}" for i in range(10))]
    assert "5 more methods are left out here." in text


def test_of_several_datasets_it_has_who_is_first():
    text = short(many(4, 3))
    assert "First, or sharing the first place, on error.test" in text
    assert text.count("| M0") == 3


def test_a_sweep_has_a_short_form():
    run = sweep_example.run()
    assert "Plain" in short(summarise(run, sweep_example.records(run)))
