"""Whole trainings with their metrics on a pretended GPU: what a CPU finds.

But for last bits of tanh and of sums, which may turn a spin here and there. What this cannot show
is that a real device computes as torch says, and how fast.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from ebmbench.interfaces.installed.registry import Registry
from ebmbench.plan.cell import Cell
from ebmbench.plan.plan import make_plan
from ebmbench.running.blocks.block import Block
from ebmbench.running.blocks.run_block import train_block
from ebmbench.suite.suite import read_suite
from ebmbench.training import replay
from support.pretended_gpu import pretended_gpu, record

SUITES = Path(__file__).parents[2] / "suites"
REGISTRY = Registry.discover()
METHODS = {
    "smoke": ["RAPID", "CD-5", "PCD-5", "Exact"],
    "modes": ["PT", "PT wide"],
    "boltzmann": ["RBM PCD-5", "Deep PCD-5", "Hybrid PCD-5", "RA deep PID-1"],
}
RECORDED = {"RAPID", "CD-5", "PCD-5", "RBM PCD-5", "PT", "PT wide"}


def curves(suite, method, device):
    """All values of two seeds over two epochs."""
    plan = make_plan(read_suite(SUITES / f"{suite}.yaml", REGISTRY), REGISTRY, device)
    recipe = next(c.recipe for c in plan.cells if c.recipe.method_name == method)
    recipe = replace(recipe, epochs=2)
    block = Block(tuple(Cell(recipe, seed, str(seed)) for seed in range(2)))
    evaluator = train_block(block, lambda progress: None).evaluator
    assert evaluator.failed == {}
    return {name: torch.tensor(curve.value) for name, curve in evaluator.curves.items()}


@pytest.mark.parametrize(
    ("suite", "method"),
    [
        pytest.param(suite, method, marks=[pytest.mark.soak] if suite == "boltzmann" else [])
        for suite in METHODS
        for method in METHODS[suite]
    ],
)
def test_a_training_finds_what_it_finds_on_a_cpu(suite, method, monkeypatch):
    recorded = []

    def recorder(work):
        recorded.append(work)
        return record(work)

    monkeypatch.setattr(replay, "cuda_graph", recorder)
    expected = curves(suite, method, "cpu")
    assert not recorded
    with pretended_gpu() as device:
        found = curves(suite, method, str(device))
    assert bool(recorded) == (method in RECORDED)
    assert found.keys() == expected.keys()
    for name, values in expected.items():
        torch.testing.assert_close(found[name], values, rtol=0.01, atol=0.01, equal_nan=True)
