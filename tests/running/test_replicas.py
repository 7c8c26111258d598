"""A replica's numbers depend on its own seed only: bit for bit, for every built-in sampler."""

import random
from math import isnan

import numpy as np
import pytest
import torch

from ebmbench.interfaces.installed.registry import Registry
from ebmbench.interfaces.installed.which_plugins import no_third_party
from ebmbench.plan.plan import make_plan
from ebmbench.running.blocks.block import Block
from ebmbench.running.blocks.run_block import train_block
from ebmbench_data.msa import write_example
from support.suites import read

SUITE = """\
suite: replicas
seeds: 10
datasets:
  bars: {{name: bars, size: {size}}}
  family: {{name: msa, file: '{family}', alphabet: rna}}
  grey: {{name: digits, train: 11, test: 5, binarize: {{rule: none}}}}
methods:
  PID: &ra
    model: {{name: ra-rbm, hidden: {hidden}, patterns: 3}}
    sampler: {{name: pid}}
    optimizer: {{name: sgd, lr: 0.05, momentum: 0.9}}
    batch: {{size: 3, last: fixed}}
  PID-2: {{extends: PID, sampler: {{k: 2, hidden: pattern}}}}
  PID gibbs: {{extends: PID, model: {{binarize: {{rule: gibbs, every: 2}}}}}}
  CD-3:
    model: {{name: rbm, hidden: {hidden}, bias: true, init_std: 0.3}}
    sampler: {{name: cd, k: 3}}
    optimizer: {{name: adam, lr: 0.01, bias_correction: epoch}}
    batch: {{size: 2}}
  PCD-2: {{extends: CD-3, sampler: {{name: pcd, k: 2, chains: 7}}}}
  Exact: {{extends: CD-3, sampler: {{name: exact}}}}
  FPCD: {{extends: CD-3, sampler: {{name: fpcd, k: 2, chains: 7}}}}
  Rdm-2: {{extends: CD-3, sampler: {{name: rdm, k: 2, chains: 7, start: data-mean}}}}
  PL: {{extends: CD-3, sampler: {{name: pl}}}}
  MPF-2: {{extends: CD-3, sampler: {{name: mpf, sites: 2}}}}
  Ratio: {{extends: CD-3, sampler: {{name: ratio}}}}
  Jarzynski:
    extends: CD-3
    sampler: {{name: jarzynski, k: 2, chains: 7, evaluation: 5, ess: 0.9, anneal: 3}}
  Centred: {{extends: PCD-2, optimizer: {{gradient: {{name: centred, offsets: average}}}}}}
  Decay by name: {{extends: PCD-2, optimizer: {{weight_decay: {{W: 0.1, b: 0.01}}}}}}
  Cossim: {{extends: PCD-2, optimizer: {{name: cossim, lr: 0.01, delta: 0.1}}}}
  TAP: {{extends: CD-3, sampler: {{name: tap, chains: 7, start: random}}}}
  Mode: {{extends: CD-3, sampler: {{name: mode, updates: 20, p_max: 0.5, chains: 7}}}}
  Mode annealed: {{extends: Mode, sampler: {{ground: anneal, cycle: 3, annealers: 3}}}}
  PCD acp: {{extends: PCD-2, sampler: {{acp: {{threshold: 0.01, every: 2}}}}}}
  Rdm acp: {{extends: Rdm-2, sampler: {{acp: {{threshold: 0.01, every: 2}}}}}}
  Mode acp: {{extends: Mode, sampler: {{acp: {{threshold: 0.01, every: 2}}}}}}
  PT acp: {{extends: PT recycled, sampler: {{acp: {{threshold: 0.01, every: 2}}}}}}
  PTT acp: {{extends: PTT, sampler: {{acp: {{threshold: 0.01, every: 2}}}}}}
  Jarzynski acp: {{extends: Jarzynski, sampler: {{acp: {{threshold: 0.01, every: 2}}}}}}
  PTT:
    extends: CD-3
    sampler: {{name: ptt, k: 2, chains: 7, reservoir: 3, accept: 0.9, floor: 0.6, anneal: 3}}
    optimizer: {{name: adam, lr: 0.1, bias_correction: step}}
  PT: {{extends: CD-3, sampler: {{name: pt, k: 2, chains: 7, temperatures: 5}}}}
  PT recycled:
    extends: PT
    sampler: {{base: uniform, adapt: rejection, recycle: true, swaps: random}}
  Natural: {{extends: PCD-2, optimizer: {{name: natural, lr: 0.1, damping: 0.1}}}}
  Exact RA: {{extends: PID, sampler: {{name: exact}}}}
  Potts: {{extends: PCD-2, model: {{name: potts-rbm, hidden: 5, states: 5}}}}
  Potts CD: {{extends: CD-3, model: {{name: potts-rbm, hidden: 5, states: 5}}}}
  Potts Rdm: {{extends: Potts, sampler: {{name: rdm, k: 2, chains: 7}}}}
  Gaussian: {{extends: PCD-2, model: {{name: gaussian-rbm, hidden: 5, bias_start: data}}}}
train: {{epochs: 4}}
metrics:
  - {{name: hamming, samples: 5}}
  - {{name: nll, at: {{every: 1}}}}
  - {{name: nll-density, at: {{every: 1}}}}
  - {{name: gibbs-accessibility}}
  - {{name: method-accessibility}}
  - {{name: gradient-error}}
  - {{name: spectrum}}
"""
METHODS = [
    *("PID", "PID-2", "PID gibbs", "CD-3", "PCD-2", "Exact", "Exact RA"),
    *("FPCD", "Rdm-2", "PL", "MPF-2", "Ratio", "Jarzynski"),
    *("Centred", "Decay by name", "Cossim", "Natural"),
    *("Potts", "Potts CD", "Potts Rdm", "Gaussian"),
    *("TAP", "Mode", "Mode annealed", "PCD acp", "Rdm acp", "PTT", "PT", "PT recycled"),
    *("Mode acp", "PT acp", "PTT acp", "Jarzynski acp"),
]
SIZES = [
    pytest.param((3, 37), id="prime sizes"),
    pytest.param((4, 1000), id="the paper's sizes", marks=pytest.mark.soak),
]


def written(folder, size, hidden):
    """The suite, with an alignment in the folder."""
    write_example(folder / "family.fa")
    return SUITE.format(size=size, hidden=hidden, family=folder / "family.fa")


def test_every_built_in_sampler_is_among_the_methods(tmp_path):
    suite = read(tmp_path, written(tmp_path, size=3, hidden=5))
    used = {method.sampler.name for method in suite.methods.values()}
    with no_third_party():
        assert used == set(Registry.discover().names("samplers"))


LONG = {
    "PTT",
    "PTT acp",
}  # at the paper's sizes: 1000 hidden units take long to come to equilibrium
CASES = [
    pytest.param(
        method,
        *sizes.values,
        id=f"{method}-{sizes.id}",
        marks=[*sizes.marks, pytest.mark.long] if sizes.marks and method in LONG else sizes.marks,
    )
    for method in METHODS
    for sizes in SIZES
]


@pytest.mark.parametrize(("method", "sizes"), CASES)
def test_seed_7_alone_equals_seed_7_in_a_block_of_ten(method, sizes, tmp_path):
    text = written(tmp_path, size=sizes[0], hidden=sizes[1])
    plan = make_plan(read(tmp_path, text, only=(method,)), Registry.discover())
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    together = observed(plan.cells)
    alone = observed(plan.cells[7:8])
    some = observed(plan.cells[5:8])
    torch.set_num_threads(threads)
    for one, other in zip(
        together.built.model.parameters(), alone.built.model.parameters(), strict=True
    ):
        assert torch.equal(one[7], other[0])
    assert any(one[7].ne(one[6]).any() for one in together.built.model.parameters())
    assert values(together, 7) == values(alone, 0) == values(some, 2)


def test_measuring_more_often_never_changes_training(tmp_path):
    text = written(tmp_path, size=3, hidden=11)
    plans = [
        make_plan(read(tmp_path, each, only=("PCD-2",)), Registry.discover())
        for each in (text, text.replace("spectrum}", "spectrum, at: {every: 1}}"))
    ]
    trained = [observed(plan.cells[:2]).built.model for plan in plans]
    for one, other in zip(*(model.parameters() for model in trained), strict=True):
        assert torch.equal(one, other)


@pytest.mark.parametrize("method", METHODS)
def test_a_training_touches_no_global_generator(method, tmp_path):
    text = written(tmp_path, size=3, hidden=11)
    plan = make_plan(read(tmp_path, text, only=(method,)), Registry.discover())
    before = global_generators()
    observed(plan.cells[:2])
    assert global_generators() == before


def global_generators():
    numpy_state = np.random.get_state()
    return random.getstate(), numpy_state[1].tolist(), torch.get_rng_state().tolist()


def observed(cells):
    return train_block(Block(cells), lambda *_: None)


def values(outcome, replica):
    """Its curves, NaN as None."""
    return {
        name: [None if isnan(moment[replica]) else moment[replica] for moment in curve.value]
        for name, curve in outcome.evaluator.curves.items()
    }
