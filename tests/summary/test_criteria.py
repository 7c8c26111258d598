"""What a run is asked: values, columns, the judged one, and which way is better."""

from __future__ import annotations

from math import inf

import pytest

from ebmbench.journal.documents import MetricAbout, Tuning
from ebmbench.suite.tuning.keys import TuningSpec
from ebmbench.summary import summarise
from ebmbench.summary.criteria import criteria_of
from ebmbench.summary.statistics import Bounds
from support import journal_example as example


def test_values_come_by_metric_and_train_before_test(summary):
    assert summary.values[:4] == ("hamming.train", "hamming.test", "nll.train", "nll.test")


def test_without_a_target_the_first_column_is_judged():
    summary = summarise(example.run(target=None), example.records())
    assert summary.judged == "hamming.train"
    assert summary.boards[0].row("Fast").to_target is None


def test_without_a_target_what_methods_were_tuned_for_is_judged():
    spec = TuningSpec(metric="nll.test", trials=2)
    tuning = Tuning(spec=spec, better="lower", seeds=(100,), methods=())
    run = example.run(target=None).model_copy(update={"tuning": tuning})
    summary = summarise(run, example.records())
    assert summary.judged == "nll.test"
    assert summary.columns[0] != "nll.test"  # it is one of them already
    aimed = example.run().model_copy(update={"tuning": tuning})
    assert summarise(aimed, example.records()).judged == "hamming.test"


def test_a_target_outside_the_columns_becomes_one():
    summary = summarise(example.run(columns=["nll.test"]), example.records())
    assert summary.columns == ("hamming.test", "nll.test")


def test_the_parts_of_a_metric_may_differ_in_which_way_is_better():
    run = example.run_with_nll(better={"train": "lower", "test": "higher"})
    summary = summarise(run, example.records())
    assert (summary.better("nll.train"), summary.better("nll.test")) == ("lower", "higher")
    board = summary.boards[0]
    assert (board.leads["nll.train"].best, board.leads["nll.test"].best) == ("Slow", "Fast")


def test_a_part_without_a_direction_is_not_compared():
    run = example.run_with_nll(better={"train": "lower"})
    row = summarise(run, example.records()).boards[0].row("Fast")
    assert "nll.train" in row.against
    assert "nll.test" not in row.against


def test_parts_come_as_their_metric_gives_them():
    parts = ("angle.sine", "angle.cosine")
    record = example.record("Fast", 0)
    curves = {**dict.fromkeys(parts, record.curves["nll.test"]), **record.curves}
    values = summarise(example.run(), [example.changed(record, curves=curves)]).values
    assert values[-2:] == parts


def test_a_value_lies_in_its_metrics_range_and_is_no_worse_than_untrained():
    run = example.run_with_nll(range={"train": (0.0, None)})
    records = example.records()
    criteria = criteria_of(run, records)
    seen = [
        x
        for r in records
        if r.status == "done"
        for x in r.curves["nll.train"].value
        if x is not None
    ]
    found = criteria.bounds("bars", "nll.train")
    assert (found.low, found.high, found.least, found.most) == (0.0, inf, 0.0, max(seen))
    other = criteria.bounds("bars", "nll.test")
    assert (other.low, other.high) == (-inf, inf)
    assert (other.least, other.most > 0) == (-inf, True)


@pytest.mark.parametrize(("better", "ends"), [("lower", (0.0, 0.5)), ("higher", (0.2, 1.0))])
def test_what_untrained_models_have_bounds_the_worse_end_alone(better, ends):
    seen = (0.2, 0.5)
    found = Bounds.of(0.0, 1.0, seen, untrained=better)
    assert (found.least, found.most) == ends
    assert (found.low, found.high) == (0.0, 1.0)
    assert Bounds.of(0.0, 1.0, seen).most == 1.0
    assert Bounds.of(None, None, seen).most == inf


def test_where_nothing_is_trained_the_values_judged_are_no_bound():
    run = example.changed(example.run_with_nll(range={"train": (0.0, 99.0)}), epochs=0)
    found = criteria_of(run, example.records()).bounds("bars", "nll.train")
    assert (found.least, found.most) == (0.0, 99.0)


def test_no_value_of_an_untrained_model_bounds_nothing():
    run = example.run_with_nll(range={"train": (0.0, 99.0)})
    records = [example.record("Fast", 0)]
    late = {
        name: curve.model_copy(
            update={c: getattr(curve, c)[1:] for c in ("epoch", "update", "seconds", "value")}
        )
        for name, curve in records[0].curves.items()
    }
    found = criteria_of(run, [example.changed(records[0], curves=late)]).bounds("bars", "nll.train")
    assert (found.least, found.most) == (0.0, 99.0)


def test_a_run_of_before_ranges_is_read():
    about = example.run().metrics["nll"].model_dump()
    del about["range"]
    assert MetricAbout.model_validate(about).range is None
