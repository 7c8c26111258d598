"""The negative log-likelihood against the oracle's log p(v)."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from ebmbench_exact.nll import NLL
from support import exact
from support.two_layer import log_p, oracle, random_model, view_of


def measure(view):
    return NLL(NLL.Options()).measure(view)


@pytest.mark.parametrize("biases", ["", "ab"])
@pytest.mark.parametrize(("V", "H"), [(5, 3), (3, 7)])
def test_it_is_minus_the_mean_log_probability(V, H, biases):
    model = random_model(V, H, biases=biases)
    view = view_of(model)
    found = measure(view)
    np.testing.assert_allclose(found["train"], -log_p(model, view.data.train).mean(1), atol=1e-5)
    np.testing.assert_allclose(found["test"], -log_p(model, view.data.test).mean(1), atol=1e-5)
    np.testing.assert_allclose(found["log_z"], oracle(exact.log_z, model), atol=1e-5)


def test_no_couplings_is_the_uniform_distribution():
    found = measure(view_of(random_model(5, 3, scale=0.0)))
    np.testing.assert_allclose(found["test"], 5 * np.log(2.0), atol=1e-5)


def test_values_are_doubles_apart_from_autograd():
    for value in measure(view_of(random_model(5, 3))).values():
        assert value.shape == (2,)
        assert value.dtype == torch.float64
        assert not value.requires_grad


def test_a_diverged_replica_is_nan_and_the_other_is_not():
    model = random_model(5, 3)
    expected = measure(view_of(model))
    with torch.no_grad():
        model.W[0, 2, 1] = float("inf")
    found = measure(view_of(model))
    for part, value in found.items():
        assert value[0].isnan()
        assert value[1] == expected[part][1]


def test_a_model_too_large_is_refused():
    assert "24" in NLL(NLL.Options()).supports(
        random_model(29, 31), view_of(random_model(5, 3)), None
    )
