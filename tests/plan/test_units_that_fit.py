"""Models meet data of their own units, and what knows spins only meets spins."""

import pytest
import torch

from ebmbench import ConfigError, Splits
from ebmbench.interfaces.installed.registry import Registry
from ebmbench.interfaces.installed.which_plugins import no_third_party
from ebmbench.numerics import REALS, SPINS, OneHot
from ebmbench.plan.data_rules import fault_of
from ebmbench.plan.models_that_fit import models_that_fit
from ebmbench_gibbs import RBM
from ebmbench_units import PottsRBM
from support.suites import plan

SUITE = """\
# Spins and real numbers.
suite: units
seeds: 2
datasets:
  bars3: {name: bars, size: 3}
  grey: {name: digits, train: 20, test: 10, binarize: {rule: none}}
methods:
  Spins:
    model: {name: rbm, hidden: 5, bias: true, bias_start: data}
    sampler: {name: pcd, chains: 7}
    optimizer: {name: sgd, lr: 0.01}
    batch: {size: 2}
  Reals: {extends: Spins, model: {name: gaussian-rbm, hidden: 5}}
train: {epochs: 1}
metrics:
  - {name: hamming, samples: 2}
  - {name: nll}
  - {name: nll-density}
"""


def test_a_model_is_trained_on_data_of_its_own_units_only(tmp_path):
    planned = plan(tmp_path, SUITE)
    trained = {(each.dataset_name, each.method_name) for each in planned.recipes}
    assert trained == {("bars3", "Spins"), ("grey", "Reals")}
    reasons = {skip.method: skip.reason for skip in planned.skips if skip.what == "method"}
    assert reasons == {
        "Spins": "the rows are real numbers, and the model 'rbm' has spins, +1 or -1; gaussian-rbm "
        "has such rows",
        "Reals": "the rows are spins, +1 or -1, and the model 'gaussian-rbm' has real numbers; "
        "boltzmann, hybrid-rbm, ra-boltzmann and 3 other models have such rows",
    }


def test_a_metric_that_knows_spins_only_is_skipped_elsewhere(tmp_path):
    planned = plan(tmp_path, SUITE)
    skipped = {(s.method, s.what): s.reason for s in planned.skips if s.what != "method"}
    knows = "it knows spins only, and the model 'gaussian-rbm' has real numbers"
    assert skipped["Reals", "metric hamming"] == knows
    assert "use nll-density" in skipped["Reals", "metric nll"]
    assert "use nll" in skipped["Spins", "metric nll_density"]
    measured = {each.method_name: [m.name for m in each.metrics] for each in planned.recipes}
    assert measured == {"Spins": ["hamming", "nll"], "Reals": ["nll_density"]}


@pytest.mark.parametrize("sampler", ["exact", "pl", "jarzynski"])
def test_a_sampler_that_knows_spins_only_is_refused_elsewhere(tmp_path, sampler):
    text = SUITE.replace(
        "gaussian-rbm, hidden: 5}}", f"gaussian-rbm, hidden: 5}}, sampler: {{name: {sampler}}}}}"
    )
    with pytest.raises(ConfigError) as caught:
        plan(tmp_path, text)
    (problem,) = caught.value.problems
    assert problem.path == "methods.Reals.sampler"
    assert "it knows spins only, and the model 'gaussian-rbm' has real numbers" in str(problem)


def test_a_model_of_other_units_than_all_data_is_told(tmp_path):
    text = SUITE.replace("name: gaussian-rbm, hidden: 5", "name: potts-rbm, hidden: 5, states: 3")
    with pytest.raises(ConfigError, match="has sites of 3 states, a column of 0 and 1 for each"):
        plan(tmp_path, text)


def test_models_that_fit_are_named_from_what_is_installed():
    with no_third_party():
        registry = Registry.discover()
    assert models_that_fit(REALS, RBM, registry) == "; gaussian-rbm has such rows"
    assert models_that_fit(OneHot(5), RBM, registry) == "; potts-rbm has such rows"
    assert models_that_fit(OneHot(5), PottsRBM, registry) == "; its options decide that"
    said = models_that_fit(SPINS, PottsRBM, registry)
    assert said.endswith("other models have such rows")
    for left_out in ("gaussian-rbm", "potts-rbm"):
        del registry.families["models"][left_out]
    assert models_that_fit(REALS, RBM, registry) == "; no model that is installed has such rows"


ROWS = torch.eye(3).repeat(2, 2, 2)  # (2, 6, 6): two sites in the same of three states
SOUND = Splits(ROWS, ROWS[:, :2], (2, 3), torch.zeros(6, dtype=torch.bool), units=OneHot(3))


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"units": OneHot(4)}, "train has 6 columns, no multiple of 4 states"),
        ({"test": ROWS * 2}, "test holds 2, where a column of a state is 0 or 1"),
        ({"units": REALS, "train": ROWS / 0}, "train holds inf, which is not finite"),
        ({"units": "one-hot"}, "units are a str, not Units"),
    ],
)
def test_rows_that_are_not_of_the_units_they_claim_are_told(changed, says):
    assert fault_of(SOUND, 2) is None
    assert fault_of(SOUND._replace(units=REALS), 2) is None
    assert says in fault_of(SOUND._replace(**changed), 2)
