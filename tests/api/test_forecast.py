"""What a plan will take: by records where there are some, else by the machine's roofline."""

import json

import pytest

from ebmbench.api.forecast import _makespan, forecast
from ebmbench.api.planning import planned
from ebmbench.journal.journal import Journal
from ebmbench.speed.roofline import Roofline
from ebmbench.suite.overrides import Overrides
from support.command_line import ebmbench
from support.suites import SMALL, write


def slow():
    """A machine that does a thousand of each kind of operation a second."""
    return Roofline(1e3, 1e3, 1e3)


def test_without_records_it_is_a_guess_from_what_is_counted(tmp_path):
    plan = planned(SMALL, Overrides())
    one = forecast(plan, Journal(tmp_path), 1, slow)
    assert one.is_guess
    assert {each.basis for each in one.methods} == {"roofline"}
    for each in one.methods:
        estimate = plan.estimates[each.dataset, each.method]
        least = estimate.updates * max(estimate.per_update.operations) / 1e3
        assert each.seconds == pytest.approx(least, rel=0.01)
    assert one.seconds == pytest.approx(sum(e.cells * e.seconds for e in one.methods))
    assert forecast(plan, Journal(tmp_path), 2, slow).seconds < one.seconds


def test_with_records_it_needs_no_roofline(tmp_path):
    file = write(tmp_path)
    only = ("--runs", tmp_path / "runs", "--jobs", 0, "--seeds", 1)
    assert ebmbench("run", file, *only).code == 0

    def never():
        raise AssertionError

    found = forecast(planned(file, Overrides()), Journal(tmp_path / "runs/small"), 1, never)
    assert {(each.basis, each.there) for each in found.methods} == {("records", 1)}
    assert not found.is_guess
    assert found.seconds > 0


def test_the_command_says_what_is_left_and_when_nothing_is(tmp_path):
    file, runs = write(tmp_path), ("--runs", tmp_path / "runs")
    told = json.loads(ebmbench("plan", file, "--workers", 2, "--json", *runs).out)["forecast"]
    assert told["workers"] == 2
    assert told["peak_memory"] > 0
    assert "6 of 6 cells are left" in ebmbench("plan", file, *runs).out
    assert not (tmp_path / "runs").exists()
    assert ebmbench("run", file, "--jobs", 0, *runs).code == 0
    assert "Nothing is left to run." in ebmbench("plan", file, *runs).out


def test_the_longest_blocks_come_first():
    assert _makespan([1, 1, 4, 2], 2) == 4
    assert _makespan([], 3) == 0


TUNE = "sampler: {name: cd}\n    tune: {sampler.k: [1, 2, 3, 4]}"
TUNED = SMALL.replace("sampler: {name: cd, k: 2}", TUNE, 1)


@pytest.mark.parametrize(("halving", "rounds"), [("", [4]), (", halving: 2", [4, 2, 1])])
def test_a_search_that_comes_before_is_counted_in(tmp_path, halving, rounds):
    tuning = f"tuning: {{trials: 4, seeds: 2, metric: nll.test{halving}}}\n"
    file = write(tmp_path, TUNED + tuning)
    runs = ("--runs", tmp_path / "runs")
    told = json.loads(ebmbench("plan", file, "--workers", 1, "--json", *runs).out)
    assert [each["trials"] for each in told["search"]["rounds"]] == rounds
    search = told["forecast"]["search"]
    assert search["cells"] == told["search"]["cells"] == 2 * sum(rounds)
    assert search["seconds"] > 0
    of_methods = sum(each["cells"] * each["seconds"] for each in told["forecast"]["methods"])
    assert told["forecast"]["seconds"] == pytest.approx(of_methods + search["seconds"])
    said = f"cells and {2 * sum(rounds)} of the search, which takes"
    assert said in ebmbench("plan", file, *runs).out


def test_a_search_that_is_over_takes_nothing(tmp_path):
    file = write(tmp_path, TUNED + "tuning: {trials: 2, seeds: 1, metric: nll.test}\n")
    runs = ("--runs", tmp_path / "runs")
    assert ebmbench("run", file, "--jobs", 0, "--epochs", 1, *runs).code == 0
    found = ebmbench("plan", file, "--epochs", 1, *runs)
    assert "Nothing is left to run." in found.out
