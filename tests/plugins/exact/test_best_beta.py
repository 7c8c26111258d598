"""The NLL at the best temperature against a fine scan by the oracle."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from ebmbench_exact.best_beta import BestBetaNLL, mean_free_energy_at
from ebmbench_exact.enumeration import couplings_of, log_z_at
from ebmbench_exact.nll import NLL
from support import exact
from support.two_layer import TwoLayerModel, numbers, random_model, splits_of, view_of


def measure(model, data=None):
    view = view_of(model)
    if data is not None:
        view = type(view)(**{**view.__dict__, "data": data})
    return BestBetaNLL(BestBetaNLL.Options()).measure(view), view


def own_states(model, scale):
    """Rows drawn from the model at inverse temperature ``scale``: the best beta is near it."""
    rng, states = np.random.default_rng(0), exact.states(model.visible)
    rows = [
        states[rng.choice(len(states), 997, p=exact.p_v(*(scale * p for p in numbers(model, r))))]
        for r in range(model.replicas)
    ]
    v = torch.from_numpy(np.stack(rows)).float()
    return splits_of(v[:, :499], v[:, 499:])


def nll_by_hand(model, v, beta):
    """-<log p_beta(v)> by enumeration of v and h, (R,)."""
    at = [tuple(beta * part for part in numbers(model, r)) for r in range(model.replicas)]
    index = ((v > 0).long() * 2 ** torch.arange(v.shape[2] - 1, -1, -1)).sum(-1).numpy()
    return np.array(
        [-np.log(exact.p_v(*p)[rows]).mean() for p, rows in zip(at, index, strict=True)]
    )


@pytest.mark.parametrize("biases", ["", "ab"])
@pytest.mark.parametrize(("V", "H"), [(5, 3), (3, 7)])
def test_it_is_the_lowest_of_all_temperatures(V, H, biases):
    model = random_model(V, H, biases=biases, scale=3.0)
    found, view = measure(model, own_states(model, 0.2))
    betas = np.geomspace(0.02, 2, 201)
    scan = np.array([nll_by_hand(model, view.data.train, beta) for beta in betas])
    np.testing.assert_allclose(found["train"], scan.min(0), atol=1e-3)
    for r, beta in enumerate(found["beta"].tolist()):
        assert beta == pytest.approx(betas[scan[:, r].argmin()], rel=0.05)
        by_hand = nll_by_hand(model, view.data.test, beta)[r]
        assert found["test"][r].item() == pytest.approx(by_hand, abs=1e-5)


def test_it_is_never_above_the_nll_and_far_below_where_the_model_is_too_cold():
    model = random_model(5, 3, scale=30.0)
    found, view = measure(model, own_states(model, 0.02))
    nll = NLL(NLL.Options()).measure(view)
    assert (found["train"] < nll["train"] - 10).all()
    assert (found["train"] < 5 * np.log(2)).all()


def test_where_the_best_is_no_couplings_at_all_no_beta_is_given():
    model = random_model(5, 3, R=2)
    states = torch.from_numpy(exact.states(5)).float()
    with torch.no_grad():
        worst = model.free_energy(states.expand(2, -1, -1)).argmax(1)
    rows = states[worst].unsqueeze(1)
    found, _ = measure(model, splits_of(rows, rows))
    np.testing.assert_allclose(found["train"], 5 * np.log(2), atol=1e-3)
    assert found["beta"].isnan().all()


def test_a_model_that_should_be_colder_than_is_tried_has_no_best_beta():
    model = random_model(5, 3, R=2, scale=1e-3)
    found, _ = measure(model, own_states(model, 1e6))
    assert found["beta"].isnan().all()
    assert found["train"].isfinite().all()


def test_log_z_and_free_energy_at_a_temperature_are_those_of_scaled_couplings():
    model, beta = random_model(5, 3, biases="ab"), torch.tensor([0.3, 2.0]).double()
    scaled = TwoLayerModel(
        *(beta.view(2, *[1] * (p.dim() - 1)) * p.detach().double() for p in model.couplings())
    )
    v = view_of(model).data.train
    couplings = couplings_of(model)
    expected = [exact.log_z(*numbers(scaled, r)) for r in range(2)]
    np.testing.assert_allclose(log_z_at(couplings, beta), expected, atol=1e-5)
    torch.testing.assert_close(
        mean_free_energy_at(couplings, v, beta), scaled.free_energy(v.double()).detach().mean(1)
    )


def test_a_replica_gives_the_same_numbers_alone_and_in_a_block():
    model = random_model(5, 3, R=3, biases="ab", scale=2.0)
    data = own_states(model, 0.4)
    block, _ = measure(model, data)
    alone = TwoLayerModel(*(p.detach()[2:] for p in model.couplings()))
    found, _ = measure(alone, splits_of(data.train[2:], data.test[2:]))
    for part, value in found.items():
        assert torch.equal(value, block[part][2:])


def test_a_diverged_replica_is_nan_and_the_other_is_not():
    model = random_model(5, 3, scale=3.0)
    data = own_states(model, 0.2)
    expected, _ = measure(model, data)
    with torch.no_grad():
        model.W[0, 2, 1] = float("inf")
    found, _ = measure(model, data)
    for part, value in found.items():
        assert value[0].isnan()
        assert value[1] == expected[part][1]


def test_a_model_too_large_is_refused():
    data = view_of(random_model(5, 3)).data
    assert "24" in BestBetaNLL(BestBetaNLL.Options()).supports(random_model(29, 31), data, None)
