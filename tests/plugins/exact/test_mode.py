"""Mode-assisted training: the ground state, how often it is taken, and what a step at it is."""

import numpy as np
import pytest
import torch

from ebmbench import Noise, Particles
from ebmbench.interfaces.kernel import Sweeper
from ebmbench_exact.annealers import Annealers
from ebmbench_exact.enumeration import ground_states
from ebmbench_exact.mode import Mode
from ebmbench_gibbs import PCD, RBM, TorchKernel
from support import exact
from support.two_layer import numbers, oracle, random_model, splits_of

R, V, H, CHAINS = 3, 7, 5, 11
KERNEL = TorchKernel(TorchKernel.Options())


def rbm(replicas=R, std=0.6, V=V, H=H, bias=True):
    options = RBM.Options(hidden=H, init_std=std, bias=bias)
    model = RBM(options, V, Noise(range(replicas), "init"))
    if bias:
        with torch.no_grad():
            model.a += 0.3 * Noise(range(replicas), "a").normal(1, V)[:, 0]
            model.b += 0.3 * Noise(range(replicas), "b").normal(1, H)[:, 0]
    return model


def sampler(**options):
    return Mode(Mode.Options(**{"updates": 1, "chains": CHAINS, **options}), KERNEL)


def started(mode, model):
    v = Noise(range(model.replicas), "data").coins(13, model.visible)
    state = mode.start(model, splits_of(v, v), Noise(range(model.replicas), "start"))
    return Particles(v), state


@pytest.mark.parametrize(
    ("V", "H"), [(5, 3), (3, 5), (7, 7), (9, 40), (17, 19), (21, 18), (1, 6), (6, 1)]
)
@pytest.mark.parametrize("biases", ["ab", "a", ""])
def test_the_ground_state_is_the_lowest_of_all(V, H, biases):
    model = random_model(V, H, R, biases=biases, seed=V)
    found = ground_states(model, [True] * R)
    for r in range(R):
        W, a, b = numbers(model, r)
        if H < V:
            W, a, b = W.T, b, a
        s = exact.states(len(a))
        energies = -s @ a - np.abs(s @ W + b).sum(1)
        assert found.energy[r] == pytest.approx(energies.min(), rel=1e-12)
    own = model.energy(found.v.unsqueeze(1), found.h.unsqueeze(1))[:, 0]
    assert torch.allclose(own.double(), found.energy, rtol=1e-5)
    assert set(found.v.unique().tolist()) | set(found.h.unique().tolist()) <= {-1.0, 1.0}


def test_only_what_is_wanted_is_looked_for():
    model = rbm()
    all_of_them, some = ground_states(model, [True] * R), ground_states(model, [False, True, False])
    assert torch.equal(some.v[1], all_of_them.v[1])
    assert torch.equal(some.h[1], all_of_them.h[1])
    assert some.energy.isnan().tolist() == [True, False, True]


@pytest.mark.parametrize("V", [7, 17])
def test_at_full_steps_the_moments_are_those_of_the_ground_state(V):
    model = rbm(V=V)
    mode = sampler(p_max=1.0, step="full")
    batch, state = started(mode, model)
    found = mode.negative_phase(model, batch, state, Noise(range(R), "x"))
    _, v, h = ground_states(model, [True] * R)
    expected = -v.unsqueeze(2) * h.unsqueeze(1), -v, -h
    torch.testing.assert_close(found.phase, expected, rtol=0, atol=0)
    assert torch.equal(found.particles.v, v.unsqueeze(1).expand(-1, CHAINS, -1))
    assert not torch.equal(found.state.chains.v, state.chains.v)  # they go on


def test_a_step_at_the_ground_state_is_gamma_of_one():
    model, mode = rbm(), sampler(p_max=1.0)
    batch, state = started(mode, model)
    found = mode.negative_phase(model, batch, state, Noise(range(R), "x"))
    ground = ground_states(model, [True] * R)
    gamma = -oracle(exact.ground_energy, model) / ((V + 1) * (H + 1))
    assert (gamma > 0.1).all()
    at_ground = -ground.v.unsqueeze(2) * ground.h.unsqueeze(1), -ground.v, -ground.h
    for mine, data, its in zip(found.phase, model.phase(batch), at_ground, strict=True):
        step = torch.from_numpy(gamma).float().view(R, *[1] * (mine.dim() - 1)) * (data - its)
        torch.testing.assert_close(data - mine, step, rtol=0, atol=1e-6)


def test_otherwise_it_is_pcd():
    """To the last bit; a number is drawn before each sweep, whatever comes of it."""
    model, mode = rbm(), sampler(p_max=0.0, k=2)
    pcd = PCD(PCD.Options(k=2, chains=CHAINS), KERNEL)
    noise, its_noise = Noise(range(R), "x"), Noise(range(R), "x")
    batch, state = started(mode, model)
    _, its = started(pcd, model)
    for _ in range(3):
        found = mode.negative_phase(model, batch, state, noise)
        its_noise.uniform(1, 1)
        expected = pcd.negative_phase(model, batch, its, its_noise)
        state, its = found.state, expected.state
        torch.testing.assert_close(found.phase, expected.phase, rtol=0, atol=0)
        assert torch.equal(found.particles.v, expected.particles.v)


def test_the_share_of_updates_at_the_ground_state_rises():
    """p_max / (1 + exp(6 - 20 n / N)); each replica by itself."""
    replicas, p_max, N = 2000, 0.5, 20
    model = rbm(replicas, V=3, H=2)
    mode = sampler(updates=N, p_max=p_max, step="full", chains=3)
    batch, state = started(mode, model)
    noise = Noise(range(replicas), "x")
    for n in range(1, N + 1):
        found = mode.negative_phase(model, batch, state, noise)
        state = found.state
        chains, shown = state.chains.v, found.particles.v
        taken = (chains != shown).any(2).any(1)
        might = (ground_states(model, [True] * replicas).v.unsqueeze(1) != chains).any(2).any(1)
        p = p_max / (1 + np.exp(6 - 20 * n / N))
        error = np.sqrt(p * (1 - p) / int(might.sum()))
        assert abs(float(taken[might].double().mean()) - p) < 5 * error + 1e-4


def test_what_is_too_large_to_enumerate_can_be_annealed():
    model = rbm(1, V=30, H=29)
    batch, _ = started(sampler(), rbm(1, V=30, H=3))
    data = splits_of(batch.v, batch.v)
    assert "too many units" in sampler().supports(model, data)
    assert sampler(ground="anneal").supports(model, data) is None
    assert "no kernel" in Mode(Mode.Options(updates=1), None).supports(model, data)


@pytest.mark.parametrize("bias", [True, False])
def test_annealing_finds_the_ground_state_of_small_models(bias):
    replicas, cycle = 20, 30
    model, noise = rbm(replicas, std=1.0, bias=bias), Noise(range(replicas), "x")
    annealers = Annealers.begun(16, V, noise)
    first = annealers.lowest(model).energy
    for update in range(1, 3 * cycle + 1):
        annealers = annealers.cooled(model, Sweeper(KERNEL), update, cycle, noise)
    found, lowest = annealers.lowest(model), ground_states(model, [True] * replicas)
    assert torch.allclose(found.energy, lowest.energy, rtol=1e-5)
    assert (found.energy <= first).all()
    best = annealers._replace(v=annealers.best.unsqueeze(1)).lowest(model).energy
    assert torch.allclose(best, lowest.energy, rtol=1e-5)


def test_annealed_updates_are_at_the_lowest_state_that_was_found():
    model = rbm(std=1.0)
    mode = sampler(updates=90, p_max=1.0, ground="anneal", cycle=30, step="full")
    batch, state = started(mode, model)
    noise = Noise(range(R), "x")
    for _ in range(90):
        found = mode.negative_phase(model, batch, state, noise)
        state = found.state
    _, v, h = ground_states(model, [True] * R)
    torch.testing.assert_close(found.phase[0], -v.unsqueeze(2) * h.unsqueeze(1), rtol=0, atol=0)
