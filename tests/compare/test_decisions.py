"""When a gate fails, warns, passes, and stays open."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from ebmbench.compare import compare_sides
from ebmbench.compare.decisions import decide, outcome_of
from ebmbench.compare.matched import match
from ebmbench.compare.wording import settles
from ebmbench.errors import ConfigError
from ebmbench.suite.gates import GateSpec
from ebmbench.suite.keys import ReportSpec
from ebmbench.summary.statistics import Interval
from support.compare_example import metric, side, without

FAST = ("bars", "Fast")


def decided(head, gate=GateSpec(fail="5%"), base=None, value="error.test"):  # noqa: B008
    """(Dataset, method) -> what the gate says."""
    found = decide(match(base or side(), head), {value: gate})
    return {(d.dataset, d.method): d for d in found}


def test_identical_numbers_pass_however_few_the_seeds():
    found = decided(side("head", seeds=(0, 1)), base=side(seeds=(0, 1)))
    assert {d.outcome for d in found.values()} == {"passed"}
    assert {d.loss.mean for d in found.values()} == {0.0}


def all_zero(name="base", seeds=(0, 1, 2), score=0.2, **at):
    """A side whose ``error.test`` is 0 on every seed, but for what ``at`` says: s1=0.5."""
    made = side(name, seeds=seeds)
    for key in made.ends:
        values = {"error.test": at.get(f"s{key[2]}", 0.0), "score": score + 0.1 * key[2]}
        made = without(made, key, values=values)
    metrics = {**made.head.metrics, "error": metric("lower", (0.0, 1.0))}
    return replace(made, head=replace(made.head, metrics=metrics))


def test_tied_values_of_the_same_numbers_pass():
    found = decided(all_zero("head"), GateSpec(fail=0.05), all_zero())
    assert {d.outcome for d in found.values()} == {"passed"}


def test_tied_values_of_other_numbers_do_not_pass_on_few_seeds():
    found = decided(all_zero("head", score=0.3), GateSpec(fail=0.05), all_zero())
    assert {d.outcome for d in found.values()} == {"inconclusive"}
    many = tuple(range(120))
    head, base = (all_zero(seeds=many, score=score) for score in (0.3, 0.2))
    assert decided(head, GateSpec(fail=0.05), base)[FAST].outcome == "passed"


def test_a_regression_of_one_seed_among_equal_ones_does_not_pass():
    found = decided(all_zero("head", s1=0.04), GateSpec(fail=0.05), all_zero())
    assert {d.outcome for d in found.values()} == {"inconclusive"}


def test_a_seed_that_head_lost_leaves_the_gate_open():
    head = without(side("head"), (*FAST, 3), status="diverged", values={})
    found = decided(head)
    assert (found[FAST].outcome, found[FAST].lost) == ("inconclusive", (1, 0))
    assert settles(found[FAST]) == "head lost 1 seed"
    assert found["bars", "Slow"].outcome == "passed"


def test_a_seed_that_base_lost_is_named_too():
    base = without(side(), (*FAST, 3), status="diverged", values={})
    found = decided(side("head", stream=2, noise=0.3), base=base)[FAST]
    assert found.outcome == "inconclusive"
    assert settles(found) == "base lost 1 seed"


def test_two_pairs_decide_nothing():
    found = decided(side("head", worse={FAST: 2.0}, seeds=(0, 1)), base=side(seeds=(0, 1)))
    assert found[FAST].outcome == "inconclusive"


def test_a_loss_beyond_the_level_fails_its_method_alone():
    found = decided(side("head", stream=2, worse={FAST: 1.1}))
    assert {pair for pair, d in found.items() if d.outcome == "failed"} == {FAST}
    assert found[FAST].percent == pytest.approx(10, abs=2)


def test_a_loss_below_the_level_does_not_fail_though_it_is_certain():
    found = decided(side("head", worse={FAST: 1.03}))
    assert found[FAST].p < 0.001
    assert found[FAST].outcome == "passed"


def test_a_loss_beyond_the_level_that_may_be_noise_stays_open_and_says_what_would_settle_it():
    found = decided(side("head", stream=3, noise=0.2, worse={FAST: 1.3}), base=side(noise=0.2))
    assert found[FAST].percent > 20
    assert found[FAST].outcome == "inconclusive"
    guess, least, most = found[FAST].more_seeds
    assert 0 < least < guess < most


def test_a_gain_is_no_loss():
    found = decided(side("head", worse={FAST: 0.5}))
    assert found[FAST].outcome == "passed"
    assert found[FAST].loss.mean < 0


def test_where_higher_is_better_a_fall_is_the_loss():
    found = decided(side("head", worse={FAST: 1.1}), value="score")
    assert found[FAST].outcome == "failed"
    assert found[FAST].percent == pytest.approx(100 * (1 - 1 / 1.1), abs=0.01)


def test_between_two_levels_it_warns():
    found = decided(side("head", worse={FAST: 1.03}), GateSpec(warn="2%", fail="5%"))
    assert found[FAST].outcome == "warned"


def test_an_amount_is_in_the_values_unit():
    head = side("head", worse={FAST: 1.1})  # 0.2 -> 0.22
    assert decided(head, GateSpec(fail=0.01))[FAST].outcome == "failed"
    assert decided(head, GateSpec(fail=0.03))[FAST].outcome == "passed"


def test_a_loss_within_the_suites_margin_never_fails():
    report = ReportSpec(margin={"error.test": 0.03})
    found = decided(side("head", worse={FAST: 1.1}, report=report))
    assert found[FAST].outcome == "passed"


def test_p_is_scipys_one_sided_paired_test_corrected_after_holm():
    base, head = side(), side("head", stream=2)
    raw = {}
    for m in match(base, head):
        if m.value == "error.test":
            test = stats.ttest_rel(m.head, m.base, alternative="greater")
            raw[m.dataset, m.method] = test.pvalue
    smallest = min(raw, key=raw.get)
    assert decided(head)[smallest].p == pytest.approx(min(1, 4 * raw[smallest]))


def test_one_pair_decides_nothing():
    found = decided(side("head", worse={FAST: 2.0}, seeds=(0,)), base=side(seeds=(0,)))
    assert found[FAST].outcome == "inconclusive"


@pytest.mark.parametrize(
    ("mean", "high", "p", "outcome"),
    [
        (0.06, 0.09, 0.01, "failed"),
        (0.06, 0.09, 0.06, "inconclusive"),
        (0.04, 0.06, 0.01, "inconclusive"),
        (0.04, 0.05, 0.01, "passed"),
    ],
)
def test_the_rule(mean, high, p, outcome):
    loss = Interval(mean, 2 * mean - high, high, 10)
    assert outcome_of(loss, p, GateSpec(fail="5%"), mean=1.0) == outcome


def test_noise_alone_fails_some_gate_in_at_most_one_of_twenty():
    failed = sum(
        bool(compare_sides(side(stream=2 * i), side("head", stream=2 * i + 1),
                           {"error.test": GateSpec(fail=0.0)}).failed)
        for i in range(30)
    )  # fmt: skip
    assert failed <= stats.binom.ppf(0.999, 30, 0.05)


def test_a_gate_on_a_value_that_nobody_has_names_those_there_are():
    with pytest.raises(ConfigError, match=r"gate 'error.tset'.*Did you mean 'error.test'"):
        compare_sides(side(), side("head"), {"error.tset": GateSpec(fail="5%")})


def test_a_gate_on_a_value_without_a_direction_is_refused():
    with pytest.raises(ConfigError, match="no such value that knows a better"):
        compare_sides(side(), side("head"), {"size": GateSpec(fail="5%")})


def test_time_is_never_held_against_a_stored_time():
    with pytest.raises(ConfigError, match="compare --speed"):
        compare_sides(side(), side("head"), {"seconds": GateSpec(fail="5%")})


def test_a_level_of_a_zero_mean_lets_certain_losses_fail_only():
    zero = side(worse={FAST: 0.0})
    with np.errstate(all="ignore"):
        found = decided(side("head", worse={FAST: 0.1}), base=zero)
    assert found[FAST].outcome == "failed"
    assert np.isnan(found[FAST].percent)
