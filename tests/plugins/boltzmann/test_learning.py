"""Machines of all masks learn by CD, PCD and PID, each replica from its own seed alone."""

import pytest
import torch

from ebmbench.interfaces.installed.registry import Registry
from ebmbench.plan.plan import make_plan
from ebmbench.running.blocks.block import Block
from ebmbench.running.blocks.run_block import train_block
from support.suites import read

SUITE = """\
suite: learning
seeds: 3
datasets:
  bars: {name: bars, size: 3}
methods:
  Full PCD:
    model: {name: boltzmann, mask: full, hidden: 3, bias: true}
    sampler: {name: pcd, k: 2, chains: 31}
    optimizer: {name: adam, lr: 0.01}
    batch: {size: 4}
  Full CD:
    extends: Full PCD
    sampler: {name: cd, k: 2}
  Deep PCD:
    extends: Full PCD
    model: {mask: deep, hidden: null, layers: [5, 3]}
  Deep mean field:
    extends: Deep PCD
    model: {mean_field: 10}
  Bipartite CD:
    extends: Full CD
    model: {mask: bipartite, hidden: 7}
  RA full PID:
    extends: Full PCD
    model:
      name: ra-boltzmann
      mask: full
      hidden: 3
      patterns: 5
      scale: 0.5
      binarize: {rule: clip, every: update}
    sampler: {name: pid, k: 1}
  RA deep PID:
    extends: RA full PID
    model: {mask: deep, hidden: null, layers: [5, 3]}
  Hybrid PCD:
    extends: Full PCD
    model: {name: hybrid-rbm, hidden: 7, init_std: 0.1}
  RA hybrid PID:
    extends: RA full PID
    model:
      name: ra-hybrid-rbm
      hidden: 7
      patterns: 5
      scale: 0.3
      binarize: {rule: clip, every: update}
train: {epochs: 60}
metrics:
  - {name: hamming, samples: 30, at: {epochs: [0, 60]}}
  - {name: nll, at: {epochs: [0, 60]}}
"""
METHODS = ["Full PCD", "Full CD", "Deep PCD", "Deep mean field", "Bipartite CD", "RA full PID",
           "RA deep PID", "Hybrid PCD", "RA hybrid PID"]  # fmt: skip


@pytest.mark.parametrize("method", METHODS)
def test_it_learns_and_seed_2_alone_is_seed_2_in_a_block(method, tmp_path):
    plan = make_plan(read(tmp_path, SUITE, only=(method,)), Registry.discover())
    assert not plan.skips
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    together, alone = observed(plan.cells), observed(plan.cells[2:])
    torch.set_num_threads(threads)
    assert together.evaluator.failed == {}
    parameters = (each.built.model.parameters() for each in (together, alone))
    assert all(torch.equal(one[2], other[0]) for one, other in zip(*parameters, strict=True))
    nll = [each.evaluator.curves["nll.train"].value for each in (together, alone)]
    assert [moment[2] for moment in nll[0]] == [moment[0] for moment in nll[1]]
    for part, falls in (("nll.train", 1.0), ("hamming.train", 0.02)):
        first, last = mean_values(together, part)
        assert last < first - falls, part


def mean_values(outcome, part):
    """Before and after training, over the replicas."""
    return [sum(moment) / 3 for moment in outcome.evaluator.curves[part].value]


def observed(cells):
    return train_block(Block(cells), lambda *_: None)
