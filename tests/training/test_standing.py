"""A training that is stored and gone on with is the one that was never interrupted."""

import json
from dataclasses import replace

import pytest
import torch

from ebmbench.interfaces.installed.registry import Registry
from ebmbench.plan.plan import make_plan
from ebmbench.suite.overrides import Overrides
from ebmbench.suite.suite import read_suite
from ebmbench.training.optimizer import OPTIMIZERS
from ebmbench.training.train import train_replicas
from ebmbench_data.msa import write_example

SUITE = """\
suite: standing
seeds: 3
datasets:
  bars3: {name: bars, size: 3}
  coins: {name: coins, visible: 40, rows: 11}
  family: {name: msa, file: FAMILY, alphabet: rna}
  grey: {name: digits, train: 11, test: 5, binarize: {rule: none}}
methods:
  CD:
    model: {name: rbm, hidden: 11, bias: true}
    sampler: {name: cd, k: 2}
    optimizer: {name: adam, lr: 0.01}
    batch: {size: 2}
  PCD: {extends: CD, sampler: {name: pcd, k: 2, chains: 7}}
  PCD wide: {extends: PCD, model: {hidden: 37}}
  CD wide: {extends: CD, model: {hidden: 37}, batch: {unlearning: 0.1}}
  PCD momentum:
    extends: PCD
    optimizer: {name: sgd, lr: 0.01, momentum: 0.9, decay: 0.9, decay_after: 1}
  PCD reference: {extends: PCD, kernel: torch}
  PCD by epochs: {extends: PCD, optimizer: {name: adam, lr: 0.01, bias_correction: epoch}}
  Exact: {extends: CD, model: {hidden: 5}, sampler: {name: exact}}
  RAPID:
    model: {name: ra-rbm, hidden: 11, patterns: 3, binarize: {rule: gibbs, every: 2}}
    sampler: {name: pid, k: 1}
    optimizer: {name: sgd, lr: 0.02}
    batch: {size: 2, last: fixed}
  Jarzynski: {extends: CD, sampler: {name: jarzynski, chains: 7, evaluation: 5, anneal: 3}}
  PTT:
    extends: CD
    sampler: {name: ptt, chains: 7, reservoir: 3, accept: 0.9, floor: 0.6, anneal: 3}
    optimizer: {name: adam, lr: 0.1}
  PTT by nadam: {extends: PTT, optimizer: {name: nadam, lr: 0.1}}
  PT: {extends: CD, sampler: {name: pt, chains: 7, temperatures: 3, k: 2}}
  PT recycled:
    extends: PT
    sampler: {base: uniform, adapt: rejection, recycle: true, swaps: random}
  FPCD: {extends: CD, sampler: {name: fpcd, chains: 7}}
  Rdm-2: {extends: CD, sampler: {name: rdm, k: 2, chains: 7, start: data-mean}}
  PL: {extends: CD, sampler: {name: pl}}
  MPF: {extends: CD, sampler: {name: mpf, sites: 3}}
  Ratio: {extends: CD, sampler: {name: ratio}}
  TAP: {extends: CD, sampler: {name: tap, chains: 7}}
  Mode: {extends: CD, model: {hidden: 5}, sampler: {name: mode, updates: 9, p_max: 1}}
  Mode annealed:
    extends: CD
    sampler: {name: mode, updates: 9, p_max: 1, ground: anneal, cycle: 3, annealers: 3}
  CD acp: {extends: CD, sampler: {acp: {threshold: 0.01, every: 2}}}
  PCD acp: {extends: PCD, sampler: {acp: {threshold: 0.01, every: 2}}}
  FPCD acp: {extends: FPCD, sampler: {acp: {threshold: 0.01, every: 2}}}
  Rdm acp: {extends: Rdm-2, sampler: {acp: {threshold: 0.01, every: 2}}}
  PT acp: {extends: PT, sampler: {acp: {threshold: 0.01, every: 2}}}
  PTT acp: {extends: PTT, sampler: {acp: {threshold: 0.01, every: 2}}}
  Mode acp: {extends: Mode, sampler: {p_max: 0.5, acp: {threshold: 0.01, every: 2}}}
  Jarzynski acp: {extends: Jarzynski, sampler: {acp: {threshold: 0.01, every: 2}}}
  Natural: {extends: PCD, optimizer: {name: natural, lr: 0.01, iterations: 3}}
  Centred: {extends: PCD, optimizer: {gradient: {name: centred, offsets: average}}}
  Centred by torch: {extends: Centred, optimizer: {name: adagrad, lr: 0.01}}
  RAPID whole: {extends: RAPID, sampler: {name: pid, k: 0}}
  Deep: {extends: PCD, model: {name: boltzmann, hidden: null, mask: deep, layers: [4, 3]}}
  Hybrid: {extends: PCD, model: {name: hybrid-rbm, hidden: 5}}
  RA deep: {extends: Deep, model: {name: ra-boltzmann, patterns: 3, mask: deep, layers: [4, 3]}}
  RA hybrid: {extends: Hybrid, model: {name: ra-hybrid-rbm, hidden: 5, patterns: 3}}
  Fused: {extends: PCD, model: {hidden: 64, bias: false}, optimizer: {name: adagrad, lr: 0.01}}
  Potts: {extends: PCD, model: {name: potts-rbm, hidden: 5, states: 5}}
  Gaussian: {extends: PCD, model: {name: gaussian-rbm, hidden: 5}}
train: {epochs: 3}
metrics:
  - {name: hamming, samples: 7}
  - {name: samples, at: {every: 1}}
report: {baseline: CD}
"""

OPTIMIZERS = "".join(
    f"  PCD by {name}: {{extends: PCD, optimizer: {{name: {name}, lr: 0.01}}}}\n"
    for name in OPTIMIZERS
    if name != "natural"
)
SUITE = SUITE.replace("\ntrain:", "\n" + OPTIMIZERS + "train:")


class StopHereError(Exception):
    pass


class Keeper:
    """Interrupts a training after some updates; what it stood at goes through JSON."""

    def __init__(self, after, found=None):
        self.found, self.after, self.updates, self.ends = found, after, 0, []

    def after_update(self, epoch, epoch_ends, standing):
        self.updates += 1
        self.ends.append(epoch_ends)
        if self.updates == self.after:
            form, tensors = standing()
            self.kept = json.loads(json.dumps(form)), tensors
            raise StopHereError

    def not_used(self, why):
        raise AssertionError(why)


@pytest.fixture(scope="module")
def recipes(tmp_path_factory):
    folder = tmp_path_factory.mktemp("suite")
    write_example(folder / "family.fa")
    file = folder / "standing.yaml"
    file.write_text(SUITE.replace("FAMILY", str(folder / "family.fa")), encoding="utf-8")
    registry = Registry.discover()
    plan = make_plan(read_suite(file, registry, Overrides()), registry)
    return {(each.dataset_name, each.method_name): each for each in plan.recipes}


def silent(progress):
    pass


def seen(outcome):
    """Everything that a record is made of, less what is measured with a clock."""
    return {
        "parameters": [p.detach().clone() for p in outcome.built.model.parameters()],
        "curves": {
            name: (curve.epoch, curve.update, curve.value)
            for name, curve in outcome.evaluator.curves.items()
        },
        "pictures": {
            name: {epoch: picture.arrays(0) for epoch, picture in epochs.items()}
            for name, epochs in outcome.evaluator.pictures(0).items()
        },
        "updates": outcome.updates,
        "laps": len(outcome.watch.laps["data"]),
    }


def same(mine, theirs):
    if isinstance(mine, torch.Tensor):
        return torch.equal(mine, theirs)
    if isinstance(mine, dict):
        return mine.keys() == theirs.keys() and all(same(mine[k], theirs[k]) for k in mine)
    if isinstance(mine, list | tuple):
        return len(mine) == len(theirs) and all(map(same, mine, theirs))
    return mine == theirs or (mine != mine and theirs != theirs)


METHODS = [line.split(":")[0].strip() for line in SUITE.split("methods:")[1].split("train:")[0]
           .splitlines() if line.startswith("  ") and line[2] != " "]  # fmt: skip


OF_OTHER_UNITS = {"Potts": "family", "Gaussian": "grey"}
OF_SPINS = [(data, each) for data in ("bars3", "coins") for each in METHODS]
OF_SPINS = [pair for pair in OF_SPINS if pair[1] not in OF_OTHER_UNITS]


@pytest.mark.parametrize(
    ("dataset", "method"), [*OF_SPINS, *((d, m) for m, d in OF_OTHER_UNITS.items())]
)
def test_a_training_that_is_interrupted_twice_is_the_same_to_the_last_bit(recipes, dataset, method):
    if (dataset, method) == ("coins", "Exact"):
        recipe = replace(recipes[dataset, method], epochs=1)
    else:
        recipe = recipes[dataset, method]
    whole = Keeper(after=-1)
    expected = seen(train_replicas(recipe, [0, 1, 2], silent, whole))
    per_epoch = whole.ends.index(True) + 1
    assert per_epoch > 1
    first = Keeper(after=per_epoch)  # before the epoch's end is measured
    with pytest.raises(StopHereError):
        train_replicas(recipe, [0, 1, 2], silent, first)
    second = Keeper(after=1 if recipe.epochs == 1 else 2, found=first.kept)
    if recipe.epochs > 1:  # in the middle of the next
        with pytest.raises(StopHereError):
            train_replicas(recipe, [0, 1, 2], silent, second)
        last = Keeper(after=-1, found=second.kept)
        assert same(seen(train_replicas(recipe, [0, 1, 2], silent, last)), expected)
        assert last.updates == whole.updates - per_epoch - 2
    else:
        assert same(seen(train_replicas(recipe, [0, 1, 2], silent, second)), expected)


def test_what_is_of_another_training_is_told_and_the_training_begins(recipes):
    class Told(Keeper):
        def not_used(self, why):
            self.found, self.why = None, why

    first = Keeper(after=3)
    with pytest.raises(StopHereError):
        train_replicas(recipes["bars3", "CD"], [0], silent, first)
    told = Told(after=-1, found=first.kept)
    outcome = train_replicas(recipes["bars3", "PCD wide"], [0], silent, told)
    assert "not where this training stood" in told.why
    assert told.updates == outcome.updates


def test_every_sampler_and_model_is_among_them(recipes):
    """A new one is to be interrupted, too."""
    registry = Registry.discover()
    assert {each.sampler.name for each in recipes.values()} == {*registry.names("samplers")}
    assert {each.model.name for each in recipes.values()} == {*registry.names("models")}
    kernels = {each.kernel.name for each in recipes.values() if each.kernel}
    assert kernels == {*registry.names("kernels")} - {"triton"}  # it needs a GPU
