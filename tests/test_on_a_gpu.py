"""Whole trainings with their metrics on a pretended GPU: what a CPU finds.

But for last bits of tanh and of sums, which may turn a spin here and there. What this cannot show
is that a real device computes as torch says, and how fast.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from ebmbench import replay
from ebmbench.block import Block, train_block
from ebmbench.plan import make_plan
from ebmbench.recipe import Cell
from ebmbench.registry import Registry
from ebmbench.suite import read_suite
from pretended_gpu import pretended_gpu, record

SUITES = Path(__file__).parent.parent / "suites"
REGISTRY = Registry.discover()
METHODS = {
    "smoke": ["RAPID", "CD-5", "PCD-5", "Exact"],
    "boltzmann": ["RBM PCD-5", "Deep PCD-5", "Hybrid PCD-5", "RA deep PID-1"],
}
RECORDED = {"RAPID", "CD-5", "PCD-5", "RBM PCD-5"}


def curves(suite, method, device):
    """All curves of two seeds over two epochs."""
    plan = make_plan(read_suite(SUITES / f"{suite}.yaml", REGISTRY), REGISTRY, device)
    recipe = next(c.recipe for c in plan.cells if c.recipe.method_name == method)
    recipe = replace(recipe, epochs=2)
    block = Block(tuple(Cell(recipe, seed, str(seed)) for seed in range(2)))
    _, observer = train_block(block, lambda epoch, value: None)
    assert observer.unmeasured == {}
    return [
        {name: curve["value"] for name, curve in observer.curves(index).items()}
        for index in range(2)
    ]


@pytest.mark.parametrize(
    ("suite", "method"), [(suite, method) for suite in METHODS for method in METHODS[suite]]
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
    for mine, theirs in zip(found, expected, strict=True):
        assert mine.keys() == theirs.keys()
        for name, values in theirs.items():
            wanted = torch.tensor([torch.nan if v is None else v for v in values])
            seen = torch.tensor([torch.nan if v is None else v for v in mine[name]])
            torch.testing.assert_close(seen, wanted, rtol=0.01, atol=0.01, equal_nan=True)
