"""The pseudo-likelihood against the conditional probabilities of the oracle."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from annealing import ra_rbm

from ebmbench import Noise
from ebmbench.numerics.threads import at_most
from ebmbench_gibbs import RBM
from ebmbench_likelihood import PseudoLikelihood
from ebmbench_likelihood.pseudo import (
    log_pseudo_likelihood,
    turned_sums,
    turned_sums_compiled,
)
from support import exact
from support.two_layer import (
    TwoLayerModel,
    oracle,
    random_model,
    random_spins,
    row_of_state,
    view_of,
)


def measure(model, **options):
    return PseudoLikelihood(PseudoLikelihood.Options(**options)).measure(view_of(model))


def expected(model, v):
    """The mean of sum_i log p(v) / (p(v) + p(v with v_i turned)), by enumeration."""
    p = oracle(exact.p_v, model)
    total = 0.0
    here = np.take_along_axis(p, row_of_state(v), axis=1)
    for i in range(v.shape[2]):
        turned = v.clone()
        turned[..., i] *= -1
        there = np.take_along_axis(p, row_of_state(turned), axis=1)
        total += np.log(here / (here + there))
    return total.mean(1)


@pytest.mark.parametrize("biases", ["", "ab"])
@pytest.mark.parametrize(("V", "H"), [(5, 3), (3, 7)])
def test_it_is_the_sum_of_the_log_conditionals(V, H, biases):
    model = random_model(V, H, biases=biases)
    data, found = view_of(model).data, measure(model)
    np.testing.assert_allclose(found["train"], expected(model, data.train), atol=1e-5)
    np.testing.assert_allclose(found["test"], expected(model, data.test), atol=1e-5)


def test_patterns_are_a_model_like_any_other():
    model = ra_rbm(5, 3, K=2, R=2)
    data = view_of(model).data
    np.testing.assert_allclose(measure(model)["test"], expected(model, data.test), atol=1e-5)


def test_without_weights_each_unit_is_a_coin():
    model = RBM(RBM.Options(hidden=3, init_std=0), 5, Noise([1, 2], "init"))
    np.testing.assert_allclose(measure(model)["train"], -5 * np.log(2), rtol=1e-6)


def test_no_more_rows_are_looked_at_than_asked_for():
    model = random_model(5, 3)
    data = view_of(model).data
    found = measure(model, rows=2)
    np.testing.assert_allclose(found["train"], expected(model, data.train[:, :2]), atol=1e-5)


def test_the_compiled_sums_are_those_of_plain_torch():
    model, v = random_model(37, 541, scale=0.3, biases="b"), random_spins(2, 7, 37)
    x, W = model.hidden_field(v).detach(), model.W.detach()
    plain = turned_sums(x.double(), v.double(), W.double())
    torch.testing.assert_close(turned_sums_compiled(x, v, W), plain, rtol=0, atol=3e-5)


def test_a_replica_gives_the_same_number_alone_and_in_a_block():
    model = random_model(7, 5, R=3)
    alone, v = TwoLayerModel(model.W.detach()[2:]), random_spins(3, 11, 7)
    with torch.no_grad(), at_most(1):  # as blocks are measured
        block = log_pseudo_likelihood(model, v)
        assert torch.equal(log_pseudo_likelihood(alone, v[2:]), block[2:])


def test_a_model_without_two_layers_is_refused():
    model = random_model(5, 3)
    metric, data = PseudoLikelihood(PseudoLikelihood.Options()), view_of(model).data
    assert metric.supports(model, data, None) is None

    class Other:
        name = "other"

    assert "other" in metric.supports(Other(), data, None)
