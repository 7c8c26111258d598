"""Metrics that tell whether chains are at equilibrium."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from scipy.stats import norm, rankdata

from ebmbench import Chains, NegativePhase, Noise, Particles, Sampler
from ebmbench_gibbs import PCD, TorchKernel
from ebmbench_metrics import Convergence, Relaxation, ResamplingCurve
from ebmbench_metrics.convergence import normal_scores, rank_normalised_r_hat, split_r_hat
from ebmbench_metrics.resampling_curve import pair_correlations, pearson, times_until
from support import exact
from support.two_layer import TwoLayerModel, numbers, random_model, view_of

KERNEL = TorchKernel(TorchKernel.Options())


class At(Sampler):
    """Particles that are given."""

    name = "at"

    def __init__(self, v):
        super().__init__(Sampler.Options(), KERNEL)
        self.v = v

    def particles(self, model, batch, state, noise):
        return Particles(self.v), state


class Blind(Sampler):
    """A negative phase without particles."""

    name = "blind"

    def negative_phase(self, model, batch, state, noise):
        return NegativePhase(model.phase(batch), state, None)


def drawn_exactly(model, count):
    """Independent samples of each replica's model, (R, count, V)."""
    states = torch.tensor(exact.states(model.visible), dtype=torch.float32)
    rng, rows = np.random.default_rng(7), []
    for r in range(model.replicas):
        p = exact.joint(*numbers(model, r)).sum(1)
        rows.append(states[rng.choice(len(states), count, p=p / p.sum())])
    return torch.stack(rows)


def test_pair_correlations_and_pearson_are_numpys():
    v = Noise([0, 1], "x").coins(53, 5)
    found = pair_correlations(v)
    i, j = np.triu_indices(5, 1)
    for r in range(2):
        expected = np.cov(v[r].numpy().T, bias=True)[i, j]
        np.testing.assert_allclose(found[r], expected, atol=1e-12)
    r = pearson(found[:1], found[1:]).item()
    assert r == pytest.approx(np.corrcoef(found[0], found[1])[0, 1])
    assert pearson(torch.ones(1, 3), torch.randn(1, 3)).isnan().all()


def test_times_are_even_on_a_logarithmic_axis_and_end_at_the_last():
    assert times_until(12) == [1, 2, 3, 5, 7, 10, 12]
    assert times_until(1) == [1]


def curve(model, data, **options):
    view = view_of(model, None, KERNEL)
    view = replace(view, data=view.data._replace(train=data))
    return ResamplingCurve(ResamplingCurve.Options(**options)).measure(view)


def test_chains_of_the_law_of_the_data_come_to_its_correlations_and_stay():
    model = random_model(5, 3, scale=0.7)
    found = curve(model, drawn_exactly(model, 4001), chains=4001, steps=50)
    assert (found["last"] > 0.95).all()
    assert (found["fall"] < 0.05).all()
    assert found["curve"].x.tolist() == [1, 2, 3, 5, 7, 10, 20, 30, 50]


def test_a_model_that_is_right_after_a_few_steps_only_rises_and_falls():
    model = random_model(5, 3, scale=2.5)  # slow: it has not forgotten its start after two steps
    coins = Chains(Noise([3, 4], "start").coins(4001, 5))
    early = KERNEL.sweep(model, coins, 2, 1.0, Noise([3, 4], "steps")).v
    found = curve(model, early, chains=4001, steps=1000)
    assert (found["best_at"] <= 5).all()
    assert (found["fall"] > 0.02).all()
    torch.testing.assert_close(found["fall"], found["best"] - found["last"])


def test_samples_of_the_model_do_not_drift_and_others_do():
    model = random_model(5, 3, scale=0.9)
    exactly = At(drawn_exactly(model, 2003))
    metric = Relaxation(Relaxation.Options(chains=2003, burn=0, steps=10, start="sampler"))
    still = metric.measure(view_of(model, exactly, KERNEL))
    assert (still["score"] < 4).all()
    coins = At(Noise([0, 1], "coins").coins(2003, 5))
    moving = metric.measure(view_of(model, coins, KERNEL))
    assert (moving["score"] > 10).all()
    assert (moving["drift"] < 0).all()
    torch.testing.assert_close(moving["score"], moving["drift"].abs() / moving["error"])


def test_the_drift_is_that_of_the_transition_matrix():
    model, steps = random_model(5, 3, scale=0.6), 2
    start = torch.ones(2, 20011, 5)
    metric = Relaxation(Relaxation.Options(chains=20011, burn=0, steps=steps, start="sampler"))
    found = metric.measure(view_of(model, At(start), KERNEL))
    for r in range(2):
        W, a, b = numbers(model, r)
        p = exact.joint(W, a, b)
        P = (p / p.sum(1, keepdims=True)) @ (p / p.sum(0)).T
        F = -np.logaddexp.reduce(-exact.energies(W, a, b), axis=1)
        at = int(np.flatnonzero((exact.states(5) == 1).all(1))[0])
        expected = np.linalg.matrix_power(P, steps)[at] @ F - F[at]
        assert abs(found["drift"][r].item() - expected) < 4 * found["error"][r].item()


def test_normal_scores_are_those_of_scipys_ranks():
    x = torch.tensor([[[3.0, 1.0, 3.0], [2.0, 7.0, 1.0]]]).double()
    expected = norm.ppf((rankdata(x.numpy().ravel()) - 0.375) / (6 + 0.25))
    np.testing.assert_allclose(normal_scores(x).numpy().ravel(), expected)


def test_r_hat_is_one_for_chains_alike_and_large_for_chains_apart():
    rng = np.random.default_rng(5)
    alike = torch.tensor(rng.normal(size=(2, 11, 400)))
    assert (rank_normalised_r_hat(alike) < 1.02).all()
    apart = alike + torch.arange(11).view(1, -1, 1)
    assert (rank_normalised_r_hat(apart) > 1.5).all()
    wider = alike * (1 + torch.arange(11).view(1, -1, 1))  # alike in place, not in width
    assert (split_r_hat(normal_scores(wider)) < 1.05).all()
    assert (rank_normalised_r_hat(wider) > 1.1).all()
    assert split_r_hat(torch.ones(1, 3, 8)).isnan().all()


def test_split_r_hat_is_its_formula_by_hand():
    x = torch.tensor([[[0.0, 2.0, 1.0, 3.0]]]).double()  # halves (0, 2) and (1, 3)
    within, between, L = 2.0, 0.5, 2
    expected = (((L - 1) / L * within + between) / within) ** 0.5
    assert split_r_hat(x).item() == pytest.approx(expected)


def test_training_chains_that_agree_have_an_r_hat_of_one_and_some_samples():
    model = random_model(5, 3, scale=0.4)
    sampler = PCD(PCD.Options(chains=53), KERNEL)
    state = sampler.start(model, None, view_of(model).noise)
    view = view_of(model, sampler, KERNEL, state)
    found = Convergence(Convergence.Options(steps=300)).measure(view)
    assert (found["r_hat"] < 1.05).all()
    assert (found["ess"] > 53).all()
    without = view_of(model, Blind(Blind.Options(), KERNEL), KERNEL)
    assert Convergence(Convergence.Options()).measure(without) == {}


def test_chains_that_never_move_tell_nothing():
    model = TwoLayerModel(40 * torch.eye(5).expand(2, -1, -1).clone())
    found = Convergence(Convergence.Options(steps=8)).measure(
        view_of(model, At(torch.ones(2, 3, 5)), KERNEL)
    )
    assert found["r_hat"].isnan().all()
    assert found["ess"].isnan().all()
