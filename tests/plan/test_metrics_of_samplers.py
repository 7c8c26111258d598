"""Metrics that look at what one sampler knows are skipped with the others, and say so."""

from ebmbench.api.planning import planned
from ebmbench.suite.overrides import Overrides

METRICS = ("round-trips", "trajectory", "tap-convergence", "nll-walkers")
SUITE = """
suite: small
seeds: 2
datasets: {modes: {name: modes, rows: 20}}
methods:
  CD: &method
    model: {name: rbm, hidden: 40}
    sampler: {name: cd}
    optimizer: {name: sgd, lr: 0.1}
    batch: {size: 10}
  PT: {<<: *method, sampler: {name: pt, chains: 4}}
  PTT: {<<: *method, sampler: {name: ptt, chains: 4}}
  PTT-blind: {extends: PTT, sampler: {evaluation: false}}
  TAP: {<<: *method, sampler: {name: tap}}
  Walkers: {<<: *method, sampler: {name: jarzynski, chains: 4, evaluation: 4}}
  Blind: {<<: *method, sampler: {name: jarzynski, chains: 4, evaluation: 0}}
train: {epochs: 1}
metrics: [{name: round-trips}, {name: trajectory}, {name: tap-convergence}, {name: nll-walkers}]
"""
MEASURED = {
    "CD": set(),
    "PT": {"round-trips"},
    "PTT": {"trajectory", "nll-walkers"},
    "PTT-blind": {"trajectory"},
    "TAP": {"tap-convergence"},
    "Walkers": {"nll-walkers"},
    "Blind": set(),
}


def test_each_is_measured_where_its_sampler_trains_and_skipped_with_a_reason_elsewhere():
    plan = planned(SUITE, Overrides())
    for recipe in plan.recipes:
        measured = {each.metric.name for each in recipe.metrics}
        assert measured == MEASURED[recipe.method_name], recipe.method_name
    skips = {(s.method, s.what.removeprefix("metric ")): s.reason for s in plan.skips}
    assert len(skips) == sum(len(METRICS) - len(known) for known in MEASURED.values())
    assert skips["CD", "round_trips"] == "it is of sampler 'pt' alone"
    assert "sampler with these options keeps no account" in skips["Blind", "nll_walkers"]
