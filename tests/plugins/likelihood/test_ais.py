"""AIS against models whose log Z is known, and against those on which it must not be believed."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from annealing import (
    KERNEL,
    measure,
    path_to,
    ra_rbm,
    scaled,
    trained_ra_rbm,
    trained_rbm,
    within,
)

from ebmbench_exact.enumeration import enumerate_states
from ebmbench_gibbs import TorchKernel
from ebmbench_likelihood import AISNLL
from ebmbench_likelihood.ais import shuffled
from ebmbench_likelihood.mean_free_energy import mean_free_energies
from support import exact
from support.two_layer import (
    TwoLayerModel,
    log_p,
    oracle,
    random_model,
    random_spins,
    splits_of,
    view_of,
)

MODELS = {
    "random": lambda: random_model(7, 5, R=5, scale=0.5),
    "random, biases": lambda: random_model(11, 5, R=5, scale=0.4, biases="ab"),
    "trained, biases": lambda: trained_rbm(7, 11, R=5),
    "patterns": lambda: scaled(ra_rbm(13, 5, K=3, R=5), 0.6),
    "trained patterns": lambda: trained_ra_rbm(11, 7, K=3, R=5),
}
SHORT = {"ladder": 100, "chains": 199, "burn_in": 500}


@pytest.mark.parametrize("base", ["uniform", "data"])
@pytest.mark.parametrize("name", MODELS)
def test_log_z_is_right_within_its_own_error_and_the_bracket_holds_it(name, base):
    model = MODELS[name]()
    found, log_z = measure(model, base=base, **SHORT), oracle(exact.log_z, model)
    assert within(found["log_z"], log_z, found["log_z_error"])
    assert (found["log_z_low"] <= log_z).all()
    assert (found["log_z_high"] >= log_z).all()
    assert (found["trusted"] == 1).all()
    assert (found["log_z_error"] < 0.2).all()


@pytest.mark.parametrize("base", ["uniform", "data"])
def test_train_and_test_are_the_negative_log_probability(base):
    model = random_model(5, 3, biases="ab", scale=0.5)
    data = view_of(model).data
    found = measure(model, base=base, **SHORT)
    for part, v in (("train", data.train), ("test", data.test)):
        assert within(found[part], -log_p(model, v).mean(1), found["log_z_error"])


@pytest.mark.parametrize("base", ["uniform", "data"])
def test_at_weights_as_cold_as_rapids_the_flag_is_raised_and_no_number_is_given(base):
    """As after RAPID on 4x4 Bars: an NLL of about 1000 nats with 16 visible units."""
    model = ra_rbm(16, 499, K=7, R=3)
    data = splits_of(random_spins(3, 11, 16, seed=1), random_spins(3, 5, 16, seed=2))
    F = mean_free_energies(path_to(model), data.train, torch.ones(3, 1).double())[:, 0]
    assert (F + enumerate_states(model).log_z > 500).all()
    found = measure(model, data=data, base=base, **SHORT)
    assert (found["trusted"] == 0).all()
    assert np.isnan([found["train"], found["test"]]).all()
    for part in ("log_z", "log_z_low", "log_z_high", "log_z_error", "ess", "gap"):
        assert np.isfinite(found[part]).all()
    assert (np.abs(found["gap"]) > 100).all()


def test_one_untrusted_replica_leaves_the_others_their_numbers():
    model = random_model(5, 7, R=2, scale=0.3)
    with torch.no_grad():
        model.W[0] *= 300
    found = measure(model, **SHORT)
    assert found["trusted"].tolist() == [0, 1]
    assert np.isnan(found["train"]).tolist() == [True, False]


def test_a_diverged_replica_is_not_trusted():
    model = random_model(5, 3)
    with torch.no_grad():
        model.W[0, 2, 1] = float("inf")
    found = measure(model, base="uniform", **SHORT)
    assert found["trusted"].tolist() == found["best.trusted"].tolist() == [0, 1]
    assert np.isnan(found["best.train"]).tolist() == [True, False]


@pytest.mark.parametrize("base", ["uniform", "data"])
def test_a_replica_gives_the_same_numbers_alone_and_in_a_block(base):
    model = random_model(7, 5, R=3, biases="ab")
    options = {"base": base, "ladder": 29, "chains": 37, "burn_in": 3}
    block = measure(model, seeds=[3, 1, 4], **options)
    alone = TwoLayerModel(*(p.detach()[2:] for p in model.couplings()))
    data = view_of(model).data
    own = splits_of(data.train[2:], data.test[2:])
    for part, value in measure(alone, seeds=[4], data=own, **options).items():
        np.testing.assert_array_equal(value, block[part][2:], err_msg=part)


@pytest.mark.parametrize("base", ["uniform", "data"])
def test_all_kernels_give_the_same_numbers(base):
    torch_kernel = TorchKernel(TorchKernel.Options())
    for model in (random_model(7, 5, biases="ab"), ra_rbm(7, 5, K=3, R=2)):
        options = {"base": base, "ladder": 29, "chains": 37, "burn_in": 3}
        ours, theirs = (measure(model, kernel=k, **options) for k in (KERNEL, torch_kernel))
        for part, value in ours.items():
            np.testing.assert_array_equal(value, theirs[part], err_msg=part)


@pytest.mark.parametrize("spacing", ["linear", "sigmoid", "geometric"])
def test_the_best_temperature_is_measured_where_the_models_own_is_too_cold(spacing):
    """A model trained on its data, then cooled: rescaling must bring it back."""
    model = trained_rbm(7, 11, R=3)
    data = view_of(model).data
    before = -log_p(model, data.train).mean(1)
    found = measure(scaled(model, 20), base="uniform", spacing=spacing, chains=199, ladder=397)
    assert np.isnan(found["train"]).all()
    assert (found["best.trusted"] == 1).all()
    assert (found["best.train"] <= before + 0.1).all()
    at_best = TwoLayerModel(
        *(torch.from_numpy(found["best.beta"]).view(3, *[1] * (p.dim() - 1)) * p.detach().double()
          for p in model.couplings())
    )  # fmt: skip
    for part, v in (("best.train", data.train), ("best.test", data.test)):
        expected = at_best.free_energy(v.double()).mean(1).detach().numpy() + oracle(
            exact.log_z, at_best
        )
        np.testing.assert_allclose(found[part], expected, atol=0.1)


def test_the_best_temperature_needs_the_uniform_base():
    assert not any(part.startswith("best") for part in measure(random_model(5, 3), **SHORT))


def test_cold_chains_are_the_data_in_random_order_over_and_over():
    rows, order = torch.arange(6.0).view(2, 3, 1), torch.tensor([[2, 0, 1], [0, 1, 2]])
    assert shuffled(rows, 5, order).squeeze(2).tolist() == [[2, 0, 1, 2, 0], [3, 4, 5, 3, 4]]
    assert shuffled(rows, 2, order).squeeze(2).tolist() == [[2, 0], [3, 4]]


def test_a_model_that_no_kernel_can_sweep_is_refused():
    model = random_model(5, 3)
    metric, data = AISNLL(AISNLL.Options()), view_of(model).data
    assert "kernel" in metric.supports(model, data, None)
    assert metric.supports(model, data, KERNEL) is None
