"""The claims of the paper are decided by intervals, as reports/paper says."""

import sys
from math import inf, nan
from pathlib import Path

import pytest

from ebmbench.summary.statistics import interval

sys.path.append(str(Path(__file__).parents[2] / "reports/paper"))

from claims import Claim, Values, difference, table
from fig1 import claims as claims_of_fig1
from fig2_4 import claims as claims_of_figs_2_to_4


@pytest.mark.parametrize(
    ("values", "low", "high", "verdict"),
    [
        ([1.0, 1.1, 1.2], 0.0, inf, "agrees"),
        ([-1.0, -1.1, -1.2], 0.0, inf, "does not agree"),
        ([-1.0, 1.1, 0.2], 0.0, inf, "undecided"),
        ([1.0, 1.1, 1.2], 0.5, 1.05, "undecided"),
        ([1.0, 1.1, 1.2], 2.0, 3.0, "does not agree"),
        ([1.0], 0.0, inf, "undecided"),
        ([], 0.0, inf, "undecided"),
    ],
)
def test_the_interval_decides(values, low, high, verdict):
    assert Claim("it holds", "a number", interval(values), low, high).verdict == verdict


def test_differences_are_paired_by_seed():
    found = difference({0: 5.0, 1: 7.0, 2: 9.0, 9: 0.0}, {0: 4.0, 1: 6.0, 2: 8.0, 8: 100.0})
    assert (found.mean, found.n) == (1.0, 3)


def test_values_are_read_from_exports(tmp_path):
    file = tmp_path / "values.csv"
    file.write_text(
        "dataset,method,seed,metric,epoch,update,seconds,value\n"
        "d,RA,0,hamming.test,1,4,0.5,0.25\nd,RA,1,hamming.test,1,4,0.5,\n"
    )
    values = Values([file])
    found = values.of("d", "RA", "hamming.test", 1)
    assert found[0] == 0.25
    assert found[1] != found[1]  # NaN: nothing finite was measured
    assert values.epochs("d", "RA", "hamming.test") == [1]
    assert values.mean("d", "RA", "hamming.test", 1).n == 1


def test_a_table_has_a_line_per_claim():
    lines = list(table([Claim("it is so", "x", interval([1.0, 1.5]), 0.0, 1.0)]))
    assert len(lines) == 3
    assert "undecided" in lines[2]
    assert "0 to 1" in lines[2]


class Made(Values):
    """Values by a rule, for three seeds."""

    def __init__(self, rule, epochs=(0, 1, 300)):
        super().__init__([])
        self.rule, self.known = rule, list(epochs)

    def of(self, dataset, method, metric, epoch):
        end = self.rule(dataset, method, metric, epoch)
        spread = 1e-5 * (3 * len(method) + sum(map(ord, dataset)) % 11)
        return {seed: end + spread * seed**2 for seed in range(3)}

    def epochs(self, dataset, method, metric):
        return self.known


def test_fig1_tells_who_is_above_and_who_falls():
    def rule(dataset, method, metric, epoch):
        size = int(dataset[14:-1]) if "visible" in dataset else 20
        return 1.0 if method.startswith("RA") else 1.0 - size / 100

    verdicts = {claim.number: claim.verdict for claim in claims_of_fig1(Made(rule))}
    assert len(verdicts) == 10
    assert set(verdicts.values()) == {"agrees"}
    swapped = Made(lambda dataset, method, *_: 0.0 if method.startswith("RA") else 1.0)
    above = [c for c in claims_of_fig1(swapped) if "above" in c.says]
    assert {claim.verdict for claim in above} == {"does not agree"}


def test_a_miss_counts_as_the_last_epoch():
    def rule(dataset, method, metric, epoch):
        learned = method == "RAPID" and epoch >= 1
        return nan if "spectrum" in metric else 0.0 if learned else 0.4

    sooner = [c for c in claims_of_figs_2_to_4(Made(rule)) if "fewer epochs" in c.says]
    assert [claim.measured.mean for claim in sooner] == [299.0] * 3
