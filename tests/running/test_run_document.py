"""What run.json says of components and gates."""

from __future__ import annotations

from ebmbench.running.run_document import run_document
from ebmbench.suite.gates import GateSpec
from support.suites import SMALL, plan


def test_components_are_told_with_version_and_all_options(tmp_path):
    found = run_document(plan(tmp_path), "ebmbench run small.yaml").components
    assert found.datasets["bars3"].name == "bars"
    assert found.datasets["bars3"].options["size"] == 3
    assert found.metrics["hamming"].version
    assert found.metrics["hamming"].options["samples"] == 7
    assert found.methods["CD-2"].sampler.options["k"] == 2
    assert found.methods["CD-2"].optimizer["lr"] == 0.01


def test_a_metric_measured_in_two_ways_is_told_twice(tmp_path):
    text = SMALL.replace("metrics:\n", "metrics:\n  - {name: hamming, clamp: true, as: given}\n")
    found = run_document(plan(tmp_path, text), "").components.metrics
    assert found["given"].options["clamp"]
    assert not found["hamming"].options["clamp"]


def test_gates_are_told_in_full(tmp_path):
    found = run_document(plan(tmp_path, SMALL + "gates: {nll.train: 5%}\n"), "").gates
    assert found == {"nll.train": GateSpec(fail="5%")}
