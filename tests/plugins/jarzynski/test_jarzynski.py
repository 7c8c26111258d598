"""Weighted walkers: the law they stand for, log Z, and what they must not be asked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from ebmbench import Noise, Particles
from ebmbench.interfaces.kernel import Sweeper
from ebmbench_gibbs import PCD, RBM, TorchKernel
from ebmbench_jarzynski.jarzynski import Jarzynski
from ebmbench_jarzynski.walkers import Walkers, annealed, free_energies
from ebmbench_likelihood.nll_walkers import WalkersNLL
from support import exact
from support.two_layer import (
    TwoLayerModel,
    oracle,
    random_model,
    random_spins,
    row_of_state,
    splits_of,
    view_of,
)

KERNEL = TorchKernel(TorchKernel.Options())


def sampler(**options):
    return Jarzynski(Jarzynski.Options(**options), KERNEL)


def log_z(model):
    return torch.from_numpy(oracle(exact.log_z, model))


def rbm(replicas, V=6, H=4, std=0.1):
    options = RBM.Options(hidden=H, init_std=std, bias=True)
    return RBM(options, V, Noise(range(replicas), "model"))


def with_numbers(V, H, scale, seed):
    return random_model(V, H, R=2, scale=scale, biases="ab", seed=seed)


@pytest.mark.parametrize("ess", [0.0, 0.5, 1.0])
def test_weighted_walkers_stand_for_the_model_however_fast_it_moves(ess):
    """Models that have nothing in common, one after another, and a single Gibbs step at each."""
    noise, sweeper = Noise([0, 1], "walkers"), Sweeper(KERNEL)
    N = 20_000
    walkers = annealed(with_numbers(5, 3, 0.3, 0), sweeper, N, 3, noise)
    for seed in range(1, 5):
        model = with_numbers(5, 3, 0.4, seed)
        walkers = walkers.at(model).moved(model, sweeper, 1, noise)
        off = (walkers.log_z_reached - log_z(model)) / walkers.error
        assert (off.abs() < 4).all(), seed
        walkers = walkers.resampled(ess * N, noise)
        assert (ess == 0) or (walkers.ess >= ess * N - 1e-6).all()
        assert ((walkers.log_z_reached - log_z(model)).abs() < 5 * walkers.error).all()
        share = np.zeros((2, 32))
        for r, (rows, weights) in enumerate(
            zip(row_of_state(walkers.v), walkers.weights.numpy(), strict=True)
        ):
            np.add.at(share[r], rows, weights)
        p = oracle(exact.p_v, model)
        samples = 1 / (walkers.error**2 + 1 / N)  # drawn anew, they are not independent
        assert (abs(share - p) < 5.5 * np.sqrt(p / samples.numpy()[:, None])).all()


def trained(jarzynski, model, updates, lr, data):
    """What the sampler knows after each update of SGD; one step behind, as in a training."""
    noise, batch = Noise(range(model.replicas), "train"), Particles(data)
    state = jarzynski.start(model, splits_of(data, data), noise)
    for _ in range(updates):
        found = jarzynski.negative_phase(model, batch, state, noise)
        with torch.no_grad():
            slopes = zip(model.parameters(), model.phase(batch), found.phase, strict=True)
            for parameter, data_phase, negative in slopes:
                parameter -= lr * (data_phase - negative)
        state = found.state
        yield state


def four_modes(replicas, V=6):
    """Rows around two patterns, weighted 3 to 1; the same in all replicas."""
    rng = np.random.default_rng(0)
    patterns = np.where(rng.random((2, V)) < 0.5, -1.0, 1.0)
    rows = patterns[rng.choice(2, 50, p=[0.75, 0.25])]
    rows *= np.where(rng.random(rows.shape) < 0.05, -1.0, 1.0)
    return torch.from_numpy(rows).float().expand(replicas, -1, -1).contiguous()


@pytest.mark.soak
@pytest.mark.long
def test_walkers_of_their_own_know_log_z_all_along_and_those_of_the_gradient_do_not():
    """20 models, 400 updates: the finding that evaluation walkers are there for."""
    model, replicas = rbm(20), 20
    jarzynski = sampler(chains=100, evaluation=400, anneal=10)
    own, shared = [], []
    run = trained(jarzynski, model, 400, 0.1, four_modes(replicas))
    for update, state in enumerate(run, start=1):
        if update % 10 == 0:
            exactly = log_z(model)
            known, error = jarzynski.log_z(model, state)
            own.append((known - exactly) / error)
            shared.append(state.gradient.at(model).log_z_reached - exactly)
    off = torch.stack(own)
    assert (off.abs() < 4).all()
    assert 0.2 < off.square().mean() < 2  # moments of a model go together
    assert off.mean().abs() < 4 / np.sqrt(20)
    bias = shared[-1]
    assert bias.mean() < -4 * bias.std() / np.sqrt(replicas)
    assert bias.mean() < -0.3  # nats; the others' error is a tenth of it


def test_without_evaluation_walkers_log_z_is_not_told():
    model, alone = rbm(2), sampler(chains=7)
    *_, state = trained(alone, model, 1, 0.1, four_modes(2))
    assert alone.log_z(model, state) is None


def test_effective_samples_are_those_of_weights_and_not_of_their_inverse():
    log_weight = torch.from_numpy(np.random.default_rng(0).gamma(1.0, 1.0, (1, 1000)))
    walkers = Walkers(torch.zeros(1, 1000, 1), *(4 * (log_weight,)))
    w = np.exp(log_weight.numpy()[0])
    assert walkers.ess.item() == pytest.approx(w.sum() ** 2 / (w**2).sum())
    assert walkers.ess.item() / 1000 < 0.2  # of 1/w they would be three quarters


def test_drawing_anew_changes_no_mean():
    """Systematic resampling is unbiased, and draws as many numbers whether it happens or not."""
    R, N = 4000, 6
    A = torch.tensor([0.0, 1.0, -2.0, 0.5, 2.0, -1.0], dtype=torch.float64).expand(R, N)
    v = torch.arange(N, dtype=torch.float32).view(1, N, 1).expand(R, N, 1)
    zeros = torch.zeros(R, dtype=torch.float64)
    walkers = Walkers(v, A, A, zeros, zeros)
    noise = Noise(range(R), "draw")
    drawn = walkers.resampled(float(N), noise)
    counts = torch.stack([(drawn.v == n).double().mean(1) for n in range(N)], 1)[:, :, 0]
    error = counts.std(0) / R**0.5
    assert ((counts.mean(0) - torch.softmax(A[0], 0)).abs() < 5 * error + 1e-12).all()
    assert (drawn.log_weight == 0).all()
    np.testing.assert_allclose(drawn.log_z, torch.logsumexp(A[0], 0) - np.log(N))
    untouched = walkers.resampled(0.0, Noise(range(R), "draw"))
    assert torch.equal(untouched.v, v)
    assert noise.advance(0) == 1  # one draw


def test_without_weights_it_is_pcd():
    """Where the model stands still all weights are alike, and chains move as PCD's do."""
    model = random_model(5, 3, scale=0.3)
    batch = Particles(random_spins(2, 7, 5))
    chains = random_spins(2, 9, 5, seed=3)
    F, zero = free_energies(model, chains, 1.0), torch.zeros(2, dtype=torch.float64)
    mine = sampler(chains=9, k=3)
    state = mine.start(model, splits_of(batch.v, batch.v), Noise([0, 1], "start"))
    state = state._replace(gradient=Walkers(chains, F, torch.zeros_like(F), zero, zero))
    pcd = PCD(PCD.Options(chains=9, k=3), KERNEL)
    before = pcd.start(model, splits_of(batch.v, batch.v), Noise([0, 1], "start"))
    theirs = pcd.negative_phase(model, batch, before._replace(v=chains), Noise([0, 1], "go"))
    ours = mine.negative_phase(model, batch, state, Noise([0, 1], "go"))
    assert torch.equal(ours.particles.v, theirs.particles.v)
    for one, other in zip(ours.phase, theirs.phase, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)


def test_free_energies_are_the_models():
    model = random_model(5, 3, biases="ab")
    v = random_spins(2, 7, 5)
    expected = model.free_energy(v).detach()
    np.testing.assert_allclose(free_energies(model, v, 1.0), expected, rtol=1e-5)


def test_the_metric_is_the_exact_likelihood_within_its_error():
    model, data = rbm(5), four_modes(5)
    jarzynski = sampler(chains=50, evaluation=200, anneal=10)
    *_, state = trained(jarzynski, model, 40, 0.05, data)
    view = view_of(model, jarzynski, KERNEL, state)
    found = WalkersNLL(WalkersNLL.Options()).measure(view)
    F = model.free_energy(view.data.train).detach().double().mean(1)
    assert (found["trusted"] == 1).all()
    off = (found["train"] - F - log_z(model)) / found["log_z_error"]
    assert (off.abs() < 4).all()
    assert (found["log_mass"] <= 0.1).all()


def test_the_metric_says_nothing_where_nothing_is_known():
    view = view_of(random_model(5, 3), PCD(PCD.Options(), KERNEL), KERNEL, None)
    assert WalkersNLL(WalkersNLL.Options()).measure(view) == {}


def test_the_metric_does_not_believe_that_data_have_more_than_all_mass():
    model = TwoLayerModel(torch.zeros(2, 5, 3))

    class Wrong(PCD):
        def log_z(self, model, state):
            log_z = torch.full((2,), 8 * np.log(2.0), dtype=torch.float64)
            return log_z - 4, torch.full_like(log_z, 0.01)

    every = torch.from_numpy(exact.states(5)).float().expand(2, -1, -1)
    view = view_of(model, Wrong(PCD.Options(), KERNEL), KERNEL)
    found = WalkersNLL(WalkersNLL.Options()).measure(replace(view, data=splits_of(every, every)))
    assert found["train"].isnan().all()
    assert (found["log_mass"] > 3).all()
