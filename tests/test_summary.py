"""Summaries of a made-up run; see journal_example.py for what it holds."""

from __future__ import annotations

import json
from copy import deepcopy
from math import inf, isnan

import numpy as np
import pytest

import journal_example as example
from ebmbench.statistics import interval
from ebmbench.summary import as_json, in_spectrum, metric_of, part_of, summarise


@pytest.fixture
def summary():
    return summarise(example.run(), example.records())


@pytest.fixture
def board(summary):
    return summary.boards[0]


def finals(method: str, value: str) -> list[float]:
    """The last value of each seed that is done, straight from the records."""
    mine = [r for r in example.records() if r["method"] == method and r["status"] == "done"]
    return [r["curves"][value]["value"][-1] for r in mine]


def test_seeds_are_counted_by_how_they_ended(board):
    counts = {row.method: row.seeds for row in board.rows}
    assert (counts["Twin"].done, counts["Twin"].diverged, counts["Twin"].failed) == (4, 1, 1)
    assert (counts["Slow"].done, counts["Slow"].missing) == (5, 1)


def test_a_skipped_method_has_no_row(board):
    assert [row.method for row in board.rows] == ["Fast", "Slow", "Twin"]


def test_final_values_are_over_the_seeds_that_are_done(board):
    assert board.row("Twin").final["nll.test"] == interval(finals("Twin", "nll.test")[::-1])


def test_a_value_a_method_lacks_is_absent(board):
    assert "gradient_error" not in board.row("Fast").final
    assert "gradient_error" not in board.row("Fast").against


def test_the_order_of_the_records_does_not_matter(summary):
    shuffled = summarise(example.run(), example.records()[::-1])
    assert as_json(shuffled) == as_json(summary)


def test_records_of_other_cells_are_ignored(summary):
    stranger = {**example.record("Fast", 0), "id": "bars--Fast--s0--other"}
    assert as_json(summarise(example.run(), [*example.records(), stranger])) == as_json(summary)


def test_comparisons_are_paired_by_seed_and_count_the_dropped(board):
    c = board.row("Fast").against["hamming.test"]
    d = np.array(finals("Fast", "hamming.test")[::-1][:5]) - finals("Slow", "hamming.test")[::-1]
    assert c.difference.mean == pytest.approx(d.mean())
    assert (c.pairs, c.dropped, c.family) == (5, 1, 2)
    assert c.verdict == "better"


def test_the_baseline_is_not_compared_with_itself(board):
    assert board.row("Slow").against == {}


def test_the_margin_makes_methods_equivalent(board):
    assert board.row("Twin").against["hamming.test"].verdict == "equivalent"
    assert board.row("Twin").against["nll.test"].verdict == "inconclusive"


def test_the_leader_is_compared_with_the_runner_up(board):
    lead = board.leads["hamming.test"]
    assert (lead.best, lead.rival, lead.comparison.verdict) == ("Fast", "Twin", "better")


def test_elsewhere_the_leader_is_compared_with_the_winner(board):
    lead = board.leads["nll.test"]
    assert (lead.best, lead.rival, lead.comparison.verdict) == ("Twin", "Fast", "better")
    assert lead.ranking == ("Twin", "Slow", "Fast")


def test_the_target_is_reached_at_the_first_measured_moment_below_it(board):
    fast = board.row("Fast").to_target
    assert (fast.reached, fast.seeds) == (6, 6)
    assert (fast.epochs, fast.updates) == (30, 150)
    assert fast.seconds == pytest.approx(150 * 0.0004)


def test_a_miss_counts_as_never_and_a_diverged_seed_is_a_miss(board):
    twin = board.row("Twin").to_target
    assert (twin.reached, twin.seeds, twin.updates) == (0, 5, inf)


def diverged_late() -> list[dict]:
    """Fast's seeds, of which seed 0 reached the target, diverged, and has finite values still."""
    records = [example.record("Fast", seed) for seed in range(6)]
    records[0]["status"] = "diverged"
    return records


def test_a_seed_that_diverged_after_the_target_is_a_miss():
    reached = summarise(example.run(), diverged_late()).boards[0].row("Fast").to_target
    assert (reached.reached, reached.seeds) == (5, 6)


def test_a_seed_that_diverged_adds_nothing_to_means_even_with_finite_values():
    row = summarise(example.run(), diverged_late()).boards[0].row("Fast")
    assert row.final["hamming.test"].n == 5
    assert {i.n for i in row.curves["hamming.test"].values} == {5}


def test_a_target_can_lie_above():
    run = example.run(target={"metric": "hamming.test", "above": 0.4})
    row = summarise(run, example.records()).boards[0].row("Slow")
    assert (row.to_target.reached, row.to_target.epochs) == (5, 0)


def test_half_the_seeds_missing_the_target_make_the_median_never():
    records = [example.record("Fast", seed) for seed in (0, 1)]
    records[1]["curves"]["hamming.test"]["value"] = [0.5] * len(example.EPOCHS)
    reached = summarise(example.run(), records).boards[0].row("Fast").to_target
    assert (reached.reached, reached.epochs) == (1, inf)


def test_cost_is_per_update_and_split(board):
    cost = board.row("Slow").cost
    assert cost.seconds["negative"] == pytest.approx(0.001)
    assert cost.total_seconds == pytest.approx(0.0013)
    assert cost.total.macs == 2_560_000 + 32_000


def test_the_negative_phase_is_given_in_units_of_the_baselines(board):
    ratio = board.row("Fast").negative_ratio
    assert ratio.macs == pytest.approx(0.05)
    assert ratio.seconds == pytest.approx(0.1)


def test_a_baseline_that_counts_nothing_gives_no_ratio():
    records = example.records()
    for record in records:
        if record["cost"]:
            record["cost"]["counted"]["negative"]["macs"] = 0.0
    assert isnan(summarise(example.run(), records).boards[0].row("Fast").negative_ratio.macs)


def test_curves_are_means_over_seeds(board):
    curve = board.row("Fast").curves["hamming.test"]
    mine = [r for r in example.records() if r["method"] == "Fast"]
    third = [r["curves"]["hamming.test"]["value"][2] for r in mine]
    assert curve.epochs == example.EPOCHS
    assert curve.values[2].mean == pytest.approx(np.mean(third))


def test_a_spectrum_has_final_values_and_no_curves(summary, board):
    assert summary.metrics["spectrum"] == tuple(f"spectrum.{i}" for i in (1, 2, 3, 4))
    assert "spectrum.1" in board.row("Fast").final
    assert "spectrum.1" not in board.row("Fast").curves


def test_values_come_by_metric_and_train_before_test(summary):
    assert summary.values[:4] == ("hamming.train", "hamming.test", "nll.train", "nll.test")


def test_without_a_target_the_first_column_is_judged():
    summary = summarise(example.run(target=None), example.records())
    assert summary.judged == "hamming.train"
    assert summary.boards[0].row("Fast").to_target is None


def test_a_target_outside_the_columns_becomes_one():
    summary = summarise(example.run(columns=["nll.test"]), example.records())
    assert summary.columns == ("hamming.test", "nll.test")


def test_without_a_baseline_nothing_is_compared():
    summary = summarise(example.run(baseline=None), example.records())
    assert all(row.against == {} and row.negative_ratio is None for row in summary.boards[0].rows)


def test_a_run_of_which_nothing_is_there_can_be_summed_up():
    summary = summarise(example.run(), [])
    assert [row.seeds.missing for row in summary.boards[0].rows] == [6, 6, 6]
    assert summary.boards[0].leads == {}


def test_a_final_value_that_is_not_finite_is_left_out():
    records = deepcopy(example.records())
    next(r for r in records if r["method"] == "Fast")["curves"]["nll.test"]["value"][-1] = None
    row = summarise(example.run(), records).boards[0].row("Fast")
    assert row.final["nll.test"].n == row.final["nll.train"].n - 1


def test_troubles_name_the_cell_and_the_reason(summary):
    found = [(t.method, t.seed, t.status, t.reason) for t in summary.troubles]
    assert found[1] == ("Twin", 5, "failed", "out of memory")
    assert found[0][:3] == ("Twin", 4, "diverged")


def test_the_environment_is_the_set_of_what_the_cells_ran_on(summary):
    assert summary.environment["python"] == ("3.11.7",)
    assert summary.blocks == {"Fast": (3,), "Slow": (3,), "Twin": (3,)}


def test_the_json_holds_no_infinities(summary):
    text = json.dumps(as_json(summary), allow_nan=False)
    assert json.loads(text)["boards"][0]["rows"][1]["to_target"]["epochs"] is None


def test_names_split_at_the_first_dot():
    assert (metric_of("nll.train"), part_of("nll.train")) == ("nll", "train")
    assert (metric_of("gradient_error"), part_of("gradient_error")) == ("gradient_error", "")
    assert in_spectrum("spectrum.12")
    assert not in_spectrum("hamming.test")
