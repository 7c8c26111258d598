"""AIS against models whose log Z is known, and against those on which it must not be believed."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from annealing import (
    KERNEL,
    measure,
    one_mode,
    path_to,
    ra_rbm,
    scaled,
    trained_ra_rbm,
    trained_rbm,
    within,
)
from pydantic import ValidationError

from ebmbench_exact.enumeration import enumerate_states
from ebmbench_gibbs import TorchKernel
from ebmbench_likelihood import AISNLL
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
    for part in ("log_z", "log_z_low", "log_z_high", "log_z_error", "ess", "gap", "data_gap"):
        assert np.isfinite(found[part]).all()
    assert (found["ess"] < 10).all()


def test_one_untrusted_replica_leaves_the_others_their_numbers():
    model = random_model(13, 7, R=2, scale=0.3)
    with torch.no_grad():
        model.W[0] *= 3000
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
def test_the_best_temperature_is_found_where_the_models_own_is_too_cold(spacing):
    """A model trained on its data, then cooled: rescaling must bring it back."""
    model = trained_rbm(7, 11, R=3)
    data = view_of(model).data
    before = -log_p(model, data.train).mean(1)
    found = measure(scaled(model, 20), base="uniform", spacing=spacing, chains=199, ladder=397)
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


@pytest.mark.parametrize("base", ["uniform", "data"])
def test_a_model_without_biases_lacks_no_half_of_its_states(base):
    """F(v) = F(-v): a base at the data's side would lead to one of two halves, log 2 too low."""
    model = one_mode(V=11, H=5, R=3)
    data = splits_of(*(torch.ones(3, n, 11) for n in (7, 5)))
    found, log_z = measure(model, data=data, base=base, **SHORT), oracle(exact.log_z, model)
    assert (found["trusted"] == 1).all()
    assert within(found["log_z"], log_z, found["log_z_error"])
    mass = np.log(2) + log_p(model, data.train[:, :1])[:, 0]  # of v = 1 and of -1
    assert within(found["log_mass"], mass, found["log_z_error"])


def test_a_heavier_mode_far_from_the_data_is_found_or_the_value_withheld():
    """Two modes, v = 1 and v = -1; the data are in the lighter, by 9 nats."""
    model = one_mode(V=11, H=5, R=3)
    model.a = torch.nn.Parameter(torch.full((3, 11), -9 / 22))
    data = splits_of(*(torch.ones(3, n, 11) for n in (7, 5)))
    found, log_z = measure(model, data=data, **SHORT), oracle(exact.log_z, model)
    assert ((np.abs(found["log_z"] - log_z) < 0.5) | (found["trusted"] == 0)).all()
    assert (found["log_z_high"] >= log_z).all()


def test_probabilities_that_sum_to_more_than_one_are_not_trusted():
    """Chains that never leave the base know nothing of the mode that holds the data."""
    model = one_mode(V=11, H=5, R=3, strength=9.0)
    data = splits_of(*(torch.ones(3, n, 11) for n in (7, 5)))
    found = measure(model, data=data, base="uniform", ladder=1, chains=20, burn_in=1)
    assert (found["log_mass"] > 10).all()
    assert (found["trusted"] == 0).all()


def test_where_the_best_is_no_couplings_at_all_no_beta_is_given():
    model = random_model(5, 3, R=2)
    states = torch.from_numpy(exact.states(5)).float()
    with torch.no_grad():
        worst = model.free_energy(states.expand(2, -1, -1)).argmax(1)
    rows = states[worst].unsqueeze(1)
    found = measure(model, data=splits_of(rows, rows), base="uniform", **SHORT)
    assert np.isnan(found["best.beta"]).all()
    np.testing.assert_allclose(found["best.train"], 5 * np.log(2), atol=0.1)


def test_a_coarse_ladder_knows_its_best_beta_too():
    model = scaled(trained_rbm(7, 11, R=3), 20)
    found = measure(model, base="uniform", spacing="geometric", ladder=12, chains=1999)
    assert (found["best.trusted"] == 1).all()
    assert np.isfinite(found["best.beta"]).all()


def test_too_few_chains_ever_to_be_trusted_are_refused():
    with pytest.raises(ValidationError, match="ask for 20 or more"):
        AISNLL.Options(chains=19)


def test_a_model_that_no_kernel_can_sweep_is_refused():
    model = random_model(5, 3)
    metric, data = AISNLL(AISNLL.Options()), view_of(model).data
    assert "kernel" in metric.supports(model, data, None)
    assert metric.supports(model, data, KERNEL) is None
