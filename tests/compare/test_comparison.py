"""A comparison as a whole: what it finds, and its exit code."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ebmbench.compare import compare_sides
from ebmbench.errors import ConfigError
from ebmbench.suite.gates import GateSpec
from ebmbench.suite.keys import ReportSpec, TrainSpec
from ebmbench.summary.statistics import compare
from support.compare_example import SEEDS, changed, component, method, metric, side, without

FAST = ("bars", "Fast")
GATES = {"error.test": GateSpec(fail="5%")}


def of(c, dataset, method, value="error.test"):
    """One matched value."""
    return next(m for m in c.matched if (m.dataset, m.method, m.value) == (dataset, method, value))


def test_a_side_equals_itself():
    c = compare_sides(side(), side("head"), GATES)
    assert {m.comparison.verdict for m in c.matched} == {"equivalent"}
    assert (c.exit_code(strict=True), c.lost, c.notices) == (0, (), ())


def test_a_comparison_is_that_of_the_statistics():
    base, head = side(), side("head", stream=2, worse={FAST: 1.1})
    found = of(compare_sides(base, head, {}), *FAST)
    a, b = ([s.value((*FAST, seed), "error.test") for seed in SEEDS] for s in (head, base))
    expected = compare(a, b, "lower")
    assert found.loss == expected.difference
    assert found.comparison.difference.mean == expected.difference.mean
    assert found.comparison.verdict == "worse"
    assert found.comparison.family == 2


def test_values_without_a_direction_are_left_out():
    assert {m.value for m in compare_sides(side(), side("head"), {}).matched} == {
        "error.test",
        "score",
    }


def test_seeds_are_paired_by_number_not_by_place():
    head = side("head", seeds=(6, 4, 2))
    c = compare_sides(side(), head, {})
    assert of(c, *FAST).seeds == (2, 4, 6)
    assert of(c, *FAST).comparison.verdict == "equivalent"
    assert "3 seeds in common, of 7 and 3." in c.notices


@pytest.mark.parametrize(
    ("head", "strict", "code"),
    [
        (side("head"), True, 0),
        (side("head", worse={FAST: 1.2}), False, 1),
        (without(side("head"), (*FAST, 3), status="failed", values={}), False, 3),
        (without(side("head", worse={FAST: 1.2}), (*FAST, 3), status="failed"), False, 1),
        (side("head", stream=2, noise=0.5), False, 0),
        (side("head", stream=2, noise=0.5), True, 4),
        (side("head", datasets=("bars",)), False, 1),
        (side("head", seeds=(0, 1, 2, 3, 4)), False, 1),
    ],
    ids=["fine", "gate", "cells", "gate before cells", "open", "open, strict", "less", "fewer"],
)
def test_exit_codes(head, strict, code):
    assert compare_sides(side(), head, GATES).exit_code(strict) == code


def test_without_gates_what_is_inconclusive_counts_with_strict():
    c = compare_sides(side(), side("head", stream=2), {})
    assert (c.exit_code(strict=False), c.exit_code(strict=True)) == (0, 4)


def test_what_head_lost_is_named():
    head = without(side("head"), (*FAST, 3), status="diverged", reason="W is not finite", values={})
    head = without(head, ("bas", "Slow", 5), values={"score": 0.2, "size": 11.0})
    (first, second) = compare_sides(side(), head, GATES).lost
    assert (first.seed, first.reason) == (3, "diverged: W is not finite")
    assert (second.method, second.reason) == ("Slow", "without error.test")


def test_what_base_lacked_already_is_not_lost():
    cell = (*FAST, 3)
    base = without(side(), cell, status="failed", values={})
    assert not compare_sides(base, without(side("head"), cell, status="failed"), GATES).lost


def test_what_is_missing_on_both_sides_alike_is_told_and_equal():
    cells = [(*FAST, seed) for seed in SEEDS[1:]]
    base, head = side(), side("head")
    for cell in cells:
        base, head = (without(each, cell, values={"score": 0.2}) for each in (base, head))
    c = compare_sides(base, head, {})
    assert of(c, *FAST).comparison.verdict == "equivalent"
    told = "bars: Fast: error.test has no value on either side at seeds 1, 2, 3, 4, 5, 6: left out."
    assert told in c.notices


def test_a_value_missing_at_head_alone_counts_as_the_worst():
    head = without(side("head", worse={FAST: 0.9}), (*FAST, 3), values={"score": 0.2})
    found = of(compare_sides(side(), head, {}), *FAST).comparison
    assert (found.verdict, found.lost, found.pairs) == ("inconclusive", 1, 6)
    whole = of(compare_sides(side(), side("head", worse={FAST: 0.9}), {}), *FAST).comparison
    assert whole.verdict == "better"


def test_a_metric_that_head_does_not_measure_is_not_lost():
    head = side("head")
    ends = {key: end._replace(values={"error.test": end.values["error.test"]})
            for key, end in head.ends.items()}  # fmt: skip
    about = replace(head.head, metrics={"error": metric("lower")})
    assert not compare_sides(side(), replace(head, head=about, ends=ends), GATES).lost


@pytest.mark.parametrize(("family", "name"), [("datasets", "bars"), ("metrics", "error")])
@pytest.mark.parametrize(
    ("change", "says"),
    [({"version": "2"}, ".version: 2, but 1 in base"), ({"size": 5}, ".options.size")],
)
def test_unlike_is_never_compared_with_unlike(family, name, change, says):
    other = changed(family, name, component(name, **change))
    with pytest.raises(ConfigError) as error:
        compare_sides(side(), side("head", components=other), GATES)
    assert f"{family}.{name}{says}" in str(error.value)


def test_methods_may_differ_and_it_is_told_how():
    other = changed("methods", "Fast", method(k=2))
    c = compare_sides(side(), side("head", components=other), GATES)
    assert c.notices == ("Methods differ: Fast: sampler.options.k 1 -> 2.",)


def test_sides_that_share_no_cell_are_refused():
    with pytest.raises(ConfigError, match="no cell in common with base"):
        compare_sides(side(seeds=(0, 1)), side("head", seeds=(2, 3)), {})


def test_other_epochs_are_told():
    c = compare_sides(side(), side("head", train=TrainSpec(epochs=13)), {})
    assert "base trained 11 epochs, head 13 epochs." in c.notices


def test_time_to_target_counts_a_miss_as_never():
    c = compare_sides(side(), side("head", worse={FAST: 2.0}), {})
    fast, slow = (r for r in c.reached if r.dataset == "bars")
    assert (fast.base.updates, fast.head.updates) == (30, 60)
    assert (slow.head.reached, slow.head.updates) == (0, float("inf"))


def test_without_a_common_target_there_is_no_time_to_it():
    report = ReportSpec(target={"metric": "error.test", "below": 0.1})
    assert not compare_sides(side(), side("head", report=report), {}).reached
