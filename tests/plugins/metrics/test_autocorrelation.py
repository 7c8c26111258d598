import numpy as np
import pytest
import torch

from ebmbench import NegativePhase, Particles, Sampler
from ebmbench_gibbs import PCD, TorchKernel
from ebmbench_metrics import Autocorrelation
from support import exact
from support.two_layer import TwoLayerModel, numbers, random_model, view_of

KERNEL = TorchKernel(TorchKernel.Options())


def measured(model, sampler=None, state=None, **options):
    view = view_of(model, sampler, KERNEL, state)
    return view, Autocorrelation(Autocorrelation.Options(**options)).measure(view)


def exact_tau(W, a, b, observable):
    """1 + 2 sum_t rho(t) of the chain v -> h -> v, from its matrix of transitions."""
    p = exact.joint(W, a, b)
    P = (p / p.sum(1, keepdims=True)) @ (p / p.sum(0)).T  # p(h | v) p(v' | h)
    p_v = p.sum(1)
    d = observable - p_v @ observable
    forgetting = np.linalg.solve(np.eye(len(P)) - P + np.outer(np.ones(len(P)), p_v), d)
    return 2 * (p_v * d) @ forgetting / ((p_v * d) @ d) - 1


@pytest.mark.parametrize("observable", ["energy", "overlap"])
def test_tau_is_that_of_the_transition_matrix(observable):
    model = random_model(5, 3, scale=0.6)
    view, found = measured(model, observable=observable, chains=211, steps=251, burn=10)
    for r in range(2):
        W, a, b = numbers(model, r)
        energy = -np.logaddexp.reduce(-exact.energies(W, a, b), axis=1)
        overlap = exact.states(5) @ view.data.train[r, 0].double().numpy() / 5
        expected = exact_tau(W, a, b, {"energy": energy, "overlap": overlap}[observable])
        assert found["tau"][r].item() == pytest.approx(expected, rel=0.1)
        assert found["ess"][r].item() == pytest.approx(211 * 251 / found["tau"][r].item())
        assert found["ess_per_step"][r].item() == pytest.approx(1 / found["tau"][r].item())


def test_chains_shorter_than_fifty_tau_do_not_tell():
    model = random_model(5, 3, scale=0.6)
    _, long = measured(model, steps=211)
    _, short = measured(model, steps=47)
    assert long["tau"].isfinite().all()
    assert short["tau"].isnan().all()
    assert short["ess"].isnan().all()
    assert short["rho"].y.isfinite().all()


def test_the_overlap_sees_chains_that_are_caught_on_one_side_and_the_energy_does_not():
    model = TwoLayerModel(torch.full((2, 5, 3), 0.9))
    _, energy = measured(model, observable="energy", steps=499)
    _, overlap = measured(model, observable="overlap", steps=499)
    assert (energy["tau"] < 5).all()
    assert overlap["tau"].isnan().all()


def test_the_picture_is_rho_up_to_the_last_lag_asked_for():
    _, found = measured(random_model(5, 3), steps=101, lags=7)
    assert found["rho"].x.tolist() == list(range(8))
    assert found["rho"].y[:, 0].tolist() == [1, 1]
    assert found["rho"].y.shape == (2, 8)


class Stuck(Sampler):
    """Particles of +1 only."""

    name = "stuck"

    def particles(self, model, batch, state, noise):
        return Particles(torch.ones(2, 3, 5)), state


class Blind(Sampler):
    """A negative phase without particles."""

    name = "blind"

    def negative_phase(self, model, batch, state, noise):
        return NegativePhase(model.phase(batch), state, None)


def test_chains_start_where_the_sampler_stands():
    model = TwoLayerModel(40 * torch.eye(5).expand(2, -1, -1).clone())  # nothing moves
    sampler = Stuck(Stuck.Options(), KERNEL)
    view, _ = measured(model, sampler, steps=10)
    metric = Autocorrelation(Autocorrelation.Options(start="sampler", chains=7))
    assert metric._start(view).tolist() == torch.ones(2, 7, 5).tolist()
    assert metric.needs_negative
    assert not Autocorrelation(Autocorrelation.Options()).needs_negative


def test_persistent_chains_serve_as_a_start():
    sampler = PCD(PCD.Options(chains=11), KERNEL)
    model = random_model(5, 3, scale=0.3)
    state = sampler.start(model, None, view_of(model).noise)
    _, found = measured(model, sampler, state, start="sampler", steps=211)
    assert found["tau"].isfinite().all()


def test_a_sampler_without_particles_gives_nothing():
    assert measured(random_model(5, 3), Blind(Blind.Options(), KERNEL), start="sampler")[1] == {}
