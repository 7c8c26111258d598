"""Final values against swept options."""

from __future__ import annotations

import pytest

from ebmbench.summary import summarise
from support import journal_example
from support import sweep_example as example

SIZES = ("bars[size=7]", "bars[size=3]", "bars[size=5]")


@pytest.fixture
def summary():
    return summarise(example.run(), example.records(example.run()))


def test_options_that_mean_the_same_share_an_axis(summary):
    (sweep,) = summary.sweeps(summary.boards[0])
    assert sweep.axis.name == example.AXIS
    assert sweep.axis.marks == {"Here": 0.5}
    assert list(sweep.lines) == ["Wide", "Narrow"]
    assert sweep.points == list(example.POINTS)


def test_a_line_holds_the_final_means_over_seeds(summary):
    (sweep,) = summary.sweeps(summary.boards[0])
    curve = sweep.curve("Narrow", "score")
    expected = [
        sum(example.score(example.name_of("Narrow", x), s) for s in example.SEEDS) / 3
        for x in example.POINTS
    ]
    assert [i.mean for i in curve.values] == pytest.approx(expected)


def test_without_a_named_axis_each_option_has_its_own(summary):
    run = example.run(axes={}, marks={})
    summary = summarise(run, example.records(run))
    sweeps = summary.sweeps(summary.boards[0])
    assert [(s.axis.name, list(s.lines)) for s in sweeps] == [
        ("model.width", ["Wide"]),
        ("model.spread", ["Narrow"]),
    ]


def test_two_values_make_no_axis():
    run = example.run(example.POINTS[:2])
    summary = summarise(run, example.records(run))
    assert summary.sweeps(summary.boards[0]) == []


def test_words_make_no_axis():
    run = example.run(swept=lambda option, x: {option: f"a{x}"})
    summary = summarise(run, example.records(run))
    assert summary.sweeps(summary.boards[0]) == []


def test_other_swept_options_tell_lines_apart():
    def swept(option, x):
        return {option: x, "sampler.k": 1 if example.POINTS.index(x) % 2 else 5}

    run = example.run(swept=swept)
    summary = summarise(run, example.records(run))
    (sweep,) = summary.sweeps(summary.boards[0])
    assert list(sweep.lines) == ["Wide[k=5]", "Wide[k=1]", "Narrow[k=5]", "Narrow[k=1]"]


def test_a_method_is_compared_with_the_baselines_variant_of_equal_value(summary):
    row = summary.boards[0].row(example.name_of("Wide", 1.0))
    assert row.against["score"].difference.mean == pytest.approx(0.25, abs=0.002)
    assert summary.is_baseline(example.name_of("Narrow", 1.0))
    assert summary.boards[0].row("Plain").against == {}


def test_a_plain_baseline_is_everyones():
    run = example.run(baseline="Plain")
    summary = summarise(run, example.records(run))
    row = summary.boards[0].row(example.name_of("Wide", 1.0))
    assert row.against["score"].difference.mean == pytest.approx(0.25)
    assert len(summary.boards[0].row("Plain").against) == 0


def test_many_variants_leave_the_tables_to_the_others(summary):
    board = summary.boards[0]
    assert [row.method for row in summary.listed(board).rows] == ["Plain"]


def test_few_variants_stay_in_the_tables():
    run = example.run(example.POINTS[:3])
    summary = summarise(run, example.records(run))
    assert summary.listed(summary.boards[0]) is summary.boards[0]


def test_swept_datasets_have_a_line_per_method():
    run = example.run(example.POINTS[:3], SIZES)
    summary = summarise(run, example.records(run))
    (sweep,) = summary.dataset_sweeps()
    assert (sweep.dataset, sweep.axis.name) == ("bars", "size")
    assert tuple(sweep.lines) == run.methods
    assert list(sweep.lines["Plain"]) == [3, 5, 7]


def test_a_run_without_variants_has_no_sweeps():
    summary = summarise(journal_example.run(), journal_example.records())
    assert summary.sweeps(summary.boards[0]) == summary.dataset_sweeps() == []
    assert tuple(summary.lines) == journal_example.run().methods
