"""The TAP equations, their free energy and its slopes, against enumeration and the 0/1 form."""

import numpy as np
import pytest
import torch

from ebmbench import Couplings, Noise, Particles
from ebmbench_gibbs import PCD, RBM, TorchKernel
from ebmbench_tap.convergence import TAPConvergence
from ebmbench_tap.magnetisations import Expansion, Magnetisations
from ebmbench_tap.tap import TAP
from support import exact
from support.two_layer import TwoLayerModel, numbers, oracle, random_model, splits_of, view_of

R, V, H, N = 2, 5, 4, 3


def random_start(seed=0, dtype=torch.float64):
    rng = np.random.default_rng(seed)
    m, n = (torch.from_numpy(rng.uniform(-0.5, 0.5, (R, N, units))) for units in (V, H))
    return Magnetisations(m.to(dtype), n.to(dtype))


def model_of(scale, biases="ab", seed=0):
    return random_model(V, H, R, scale, biases, seed, torch.float64)


def solved(model, order=2, start=None):
    """The expansion, and a fixed point of it."""
    couplings = Couplings(*(None if each is None else each.detach() for each in model.couplings()))
    expansion = Expansion.of(couplings, order)
    return expansion, expansion.iterated(start or random_start(), 400, 0.5)


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("biases", ["ab", ""])
def test_a_fixed_point_satisfies_the_equations(order, biases):
    model = model_of(0.2, biases)
    expansion, (m, n) = solved(model, order)
    assert expansion.residual(Magnetisations(m, n)).max() < 1e-6
    for r in range(R):
        W, a, b = numbers(model, r)
        mm, nn = m[r].numpy(), n[r].numpy()
        on_v, on_h = a + nn @ W.T, b + mm @ W
        if order == 2:
            on_v = on_v - mm * ((1 - nn**2) @ (W**2).T)
            on_h = on_h - nn * ((1 - mm**2) @ W**2)
        np.testing.assert_allclose(mm, np.tanh(on_v), atol=1e-6)
        np.testing.assert_allclose(nn, np.tanh(on_h), atol=1e-6)


def zero_one_fixed_point(W, a, b):
    """<n> of both layers and -G by the equations for units of 0 and 1, as they are published."""
    W, a, b = 4 * W, 2 * a - 2 * W.sum(1), 2 * b - 2 * W.sum(0)
    m, n = np.full(V, 0.5), np.full(H, 0.5)

    def sigmoid(x):
        return 1 / (1 + np.exp(-x))

    for _ in range(400):
        m = (m + sigmoid(a + W @ n - (m - 0.5) * (W**2 @ (n - n**2)))) / 2
        n = (n + sigmoid(b + m @ W - (n - 0.5) * ((m - m**2) @ W**2))) / 2
    entropy = -sum((x * np.log(x) + (1 - x) * np.log(1 - x)).sum() for x in (m, n))
    pairs = m @ W @ n + (m - m**2) @ W**2 @ (n - n**2) / 2
    return m, n, entropy + a @ m + b @ n + pairs


def test_it_is_the_published_form_for_bits():
    model = model_of(0.2)
    expansion, now = solved(model)
    G = expansion.free_energy(now)
    for r in range(R):
        W, a, b = numbers(model, r)
        m, n, log_z = zero_one_fixed_point(W, a, b)
        np.testing.assert_allclose((1 + now.m[r].numpy()) / 2, np.tile(m, (N, 1)), atol=1e-9)
        np.testing.assert_allclose((1 + now.n[r].numpy()) / 2, np.tile(n, (N, 1)), atol=1e-9)
        log_z += W.sum() - a.sum() - b.sum()  # energies there are counted from another zero
        np.testing.assert_allclose(-G[r].numpy(), log_z, atol=1e-9)


def test_without_couplings_it_is_exact():
    zeros = torch.zeros(R, V, H, dtype=torch.float64)
    other = model_of(0.7)
    model = TwoLayerModel(zeros, other.a.detach(), other.b.detach())
    expansion, now = solved(model)
    assert np.allclose(-expansion.free_energy(now).numpy(), oracle(exact.log_z, model)[:, None])
    assert torch.allclose(now.m[:, 0], torch.tanh(model.a), atol=1e-12)


def errors(scale, order):
    """Of log Z, and the largest of <v h'>, over a few models."""
    off_z, off_vh = [], []
    for seed in range(5):
        model = model_of(scale, seed=seed)
        expansion, now = solved(model, order)
        off_z.append(abs(-expansion.free_energy(now)[:, 0].numpy() - oracle(exact.log_z, model)))
        found = -expansion.slopes(now).W.numpy()
        for r in range(R):
            off_vh.append(abs(found[r] - exact.moments(*numbers(model, r)).vh))
    return np.mean(off_z), np.max(off_vh)


def test_errors_vanish_with_the_couplings_and_faster_to_second_order():
    z, vh = zip(*(errors(scale, 2) for scale in (0.05, 0.1, 0.2)), strict=True)
    naive_z, naive_vh = errors(0.1, 1)
    assert z[1] < 0.01
    assert z[0] < z[1] / 8
    assert z[1] < z[2] / 8
    assert vh[0] < vh[1] / 5
    assert vh[1] < vh[2] / 5
    assert z[1] < naive_z / 10
    assert vh[1] < naive_vh / 10


def test_slopes_are_the_derivatives_of_what_it_takes_for_log_z():
    """By finite differences of -G at the fixed points of moved couplings."""
    model, step = model_of(0.3), 1e-5
    expansion, now = solved(model)
    slopes = expansion.slopes(now)
    for parameter, slope in zip(model.parameters(), slopes, strict=True):
        direction = torch.from_numpy(
            np.random.default_rng(1).standard_normal(tuple(parameter.shape))
        )
        G = []
        for sign in (1, -1):
            with torch.no_grad():
                parameter += sign * step * direction
                moved, there = solved(model, start=now)
                G.append(moved.free_energy(there)[:, 0])
                parameter -= sign * step * direction
        found = (G[0] - G[1]) / (2 * step)
        expected = (slope * direction).flatten(1).sum(1)
        assert torch.allclose(found, expected, atol=1e-8)


def test_units_may_stand_in_any_order_and_be_called_the_other_way_round():
    model = model_of(0.3)
    order_v, order_h = torch.tensor([3, 1, 4, 0, 2]), torch.tensor([2, 0, 3, 1])
    sign_v, sign_h = torch.tensor([1.0, -1, 1, -1, 1]), torch.tensor([-1.0, 1, 1, -1])
    W, a, b = (each.detach() for each in model.couplings())
    other = TwoLayerModel(
        W[:, order_v][:, :, order_h] * sign_v.unsqueeze(1) * sign_h,
        a[:, order_v] * sign_v,
        b[:, order_h] * sign_h,
    )
    start = random_start()
    there = Magnetisations(start.m[:, :, order_v] * sign_v, start.n[:, :, order_h] * sign_h)
    with torch.no_grad():
        mine = Expansion.of(model.couplings(), 2).iterated(start, 3, 0.5)
        its = Expansion.of(other.couplings(), 2).iterated(there, 3, 0.5)
    assert torch.allclose(its.m, mine.m[:, :, order_v] * sign_v, atol=1e-12)
    assert torch.allclose(its.n, mine.n[:, :, order_h] * sign_h, atol=1e-12)


def rbm(std, replicas=R):
    options = RBM.Options(hidden=H, init_std=std, bias=True)
    return RBM(options, V, Noise(range(replicas), "model"))


def coins(rows=7):
    v = Noise(range(R), "data").coins(rows, V)
    return splits_of(v, v)


def phase_of(sampler, model, updates=60):
    data = coins()
    state = sampler.start(model, data, Noise(range(R), "start"))
    for _ in range(updates):
        found = sampler.negative_phase(model, Particles(data.train), state, Noise(range(R), "x"))
        state = found.state
    return found


@pytest.mark.parametrize("start", ["data", "random"])
def test_the_negative_phase_is_nearly_exact_where_couplings_are_weak(start):
    model = rbm(0.1)
    with torch.no_grad():
        model.a += 0.3 * Noise(range(R), "a").normal(1, V)[:, 0]
    found = phase_of(TAP(TAP.Options(chains=N, start=start), None), model)
    for r in range(R):
        its = exact.moments(*numbers(model, r))
        for mine, theirs in zip(found.phase, (its.vh, its.v, its.h), strict=True):
            np.testing.assert_allclose(mine[r].numpy(), -theirs, atol=0.01)


def test_solutions_start_at_training_rows_again_and_again_or_near_nothing():
    data, model = coins(3), rbm(0.1)
    noise = Noise(range(R), "start")
    at_data = TAP(TAP.Options(chains=5), None).start(model, data, noise)
    assert torch.equal(at_data.m, data.train[:, [0, 1, 2, 0, 1]])
    assert torch.allclose(at_data.n, torch.tanh(model.hidden_field(at_data.m)), atol=1e-6)
    assert noise.step == 0
    at_random = TAP(TAP.Options(chains=500, start="random"), None).start(model, data, noise)
    assert at_random.m.abs().max() < 0.06
    assert at_random.m.std() > 0.009


def test_the_metric_tells_what_is_solved():
    model, noise = rbm(0.1), Noise(range(R), "start")
    sampler = TAP(TAP.Options(chains=N), None)
    metric = TAPConvergence(TAPConvergence.Options())
    begun = metric.measure(view_of(model, sampler, state=sampler.start(model, coins(), noise)))
    assert (begun["residual"] > 0.1).all()
    assert (begun["converged"] == 0).all()
    assert begun["log_z"].isnan().all()
    ended = metric.measure(view_of(model, sampler, state=phase_of(sampler, model).state))
    assert (ended["residual"] < 1e-5).all()
    assert (ended["converged"] == 1).all()
    assert np.allclose(ended["log_z"].numpy(), oracle(exact.log_z, model), atol=1e-2)


def test_the_metric_tells_that_strong_couplings_are_not_solved():
    model, sampler = rbm(3.0), TAP(TAP.Options(chains=N, damping=0.0), None)
    metric = TAPConvergence(TAPConvergence.Options())
    found = metric.measure(view_of(model, sampler, state=phase_of(sampler, model).state))
    assert found["residual"].max() > 0.1
    assert found["converged"].min() < 1


def test_of_other_samplers_the_metric_has_nothing_to_tell():
    model = rbm(0.1)
    pcd = PCD(PCD.Options(chains=N), TorchKernel(TorchKernel.Options()))
    state = pcd.start(model, coins(), Noise(range(R), "start"))
    assert TAPConvergence(TAPConvergence.Options()).measure(view_of(model, pcd, state=state)) == {}
