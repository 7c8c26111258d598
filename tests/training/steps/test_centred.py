"""The centred gradient: of which model it is the gradient, and what it does not depend on."""

import json

import numpy as np
import pytest
import torch

from ebmbench import Noise, Particles
from ebmbench.errors import ConfigError
from ebmbench.training.optimizer import Optimizer, OptimizerOptions
from ebmbench.training.replay import whole_update
from ebmbench.training.steps.change import Taken
from ebmbench_cpu import NumbaKernel
from ebmbench_gibbs import CD, RBM
from support import exact
from support.command_line import ebmbench
from support.suites import SMALL, plan, write
from support.two_layer import numbers, oracle, random_model, random_spins

R, V, H, N = 2, 5, 3, 7


def optimizer_of(model, lr=0.1, **gradient):
    options = {"name": "sgd", "lr": lr, "gradient": {"name": "centred", **gradient}}
    return Optimizer(model, OptimizerOptions(**options))


def every_state(model):
    """All states, weighted by the model: its negative phase is exact."""
    v = torch.from_numpy(exact.states(V)).expand(model.replicas, -1, -1)
    p = torch.from_numpy(oracle(exact.p_v, model))
    return Particles(v, log_weight=p.log())


def update(model, optimizer, batch, kept_share=1.0):
    """A full step with the exact negative phase."""
    particles = every_state(model)
    data = tuple(kept_share * part for part in model.phase(batch))
    taken = Taken(batch, kept_share, particles)
    optimizer.step(data, model.phase(particles), 1, taken)


def model_and_data(seed=0):
    model = random_model(V, H, R, 0.4, "ab", seed, torch.float64)
    return model, Particles(random_spins(R, N, V, seed=seed).double())


def centred_nll(W, c, d, mu, lam, data):
    """-<log p>_data of E = -(v - mu)'W (h - lam) - c'(v - mu) - d'(h - lam), all enumerated."""
    h = torch.from_numpy(exact.states(H)) - lam

    def log_weights(v):
        v = v - mu
        return torch.logsumexp(v @ W @ h.T + (v @ c).unsqueeze(1) + h @ d, 1)

    log_z = torch.logsumexp(log_weights(torch.from_numpy(exact.states(V))), 0)
    return log_z - log_weights(data).mean()


@pytest.mark.parametrize("offsets", ["data", "average", "model"])
def test_a_step_is_one_of_the_centred_model_written_as_the_plain_one(offsets):
    model, batch = model_and_data()
    optimizer = optimizer_of(model, lr=0.3, offsets=offsets)
    before = [[torch.from_numpy(each.copy()) for each in numbers(model, r)] for r in range(R)]
    share = {"data": 1.0, "average": 0.5, "model": 0.0}[offsets]
    particles = every_state(model)
    with torch.no_grad():
        mu, lam = (
            share * batch.weighted(units(batch.v)).sum(1)
            + (1 - share) * particles.weighted(units(particles.v)).sum(1)
            for units in (lambda v: v, lambda v: torch.tanh(model.hidden_field(v)))
        )
    update(model, optimizer, batch)
    for r, (W, a, b) in enumerate(before):
        there = [W.clone(), a + W @ lam[r], b + W.T @ mu[r]]
        there = [each.requires_grad_() for each in there]
        slopes = torch.autograd.grad(centred_nll(*there, mu[r], lam[r], batch.v[r]), there)
        with torch.no_grad():
            W, c, d = (each - 0.3 * slope for each, slope in zip(there, slopes, strict=True))
        expected = W, c - W @ lam[r], d - W.T @ mu[r]
        for mine, its in zip(numbers(model, r), expected, strict=True):
            np.testing.assert_allclose(mine, its, atol=1e-12)


def zero_one_run(spins, rows, rates, centred, updates):
    """p(v) after training with units of 0 and 1, from where the spins' model stands.

    Nothing here is of the package: bits are n = (1 + s) / 2, so E = -n'W n - a'n - b'n.

    Args:
        rates: of W, and of both biases.
        centred: at the data's means; or at a number; or, None, at 0.
    """
    W, a, b = (each.copy() for each in spins)
    W, a, b = 4 * W, 2 * a - 2 * W.sum(1), 2 * b - 2 * W.sum(0)
    v, h, n = (1 + exact.states(V)) / 2, (1 + exact.states(H)) / 2, (1 + rows) / 2

    def weights():
        E = -(v @ W @ h.T) - (v @ a)[:, None] - h @ b
        return np.exp(-E - np.logaddexp.reduce(-E, axis=None))

    for _ in range(updates):
        p, t = weights(), 1 / (1 + np.exp(-(n @ W + b)))
        mu, lam = np.zeros(V), np.zeros(H)
        if centred == "data":
            mu, lam = n.mean(0), t.mean(0)
        elif centred is not None:
            mu, lam = np.full(V, centred), np.full(H, centred)
        c, d = a + W @ lam, b + W.T @ mu
        of_data = (n - mu).T @ (t - lam) / len(n)
        W = W + rates[0] * (of_data - (v - mu).T @ p @ (h - lam))
        c = c + rates[1] * (n.mean(0) - p.sum(1) @ v)
        d = d + rates[1] * (t.mean(0) - p.sum(0) @ h)
        a, b = c - W @ lam, d - W.T @ mu
    return weights().sum(1)


def spin_run(model, batch, lr, updates, **gradient):
    """p(v) of the package's training, (R, 2^V)."""
    optimizer = (
        optimizer_of(model, lr, **gradient)
        if gradient
        else Optimizer(model, OptimizerOptions(name="sgd", lr=lr))
    )
    for _ in range(updates):
        update(model, optimizer, batch)
    return oracle(exact.p_v, model)


LR, UPDATES = 0.05, 40


def skewed_data():
    """Rows whose units are mostly up: where centring matters."""
    v = torch.from_numpy(np.where(np.random.default_rng(3).random((R, N, V)) < 0.8, 1.0, -1.0))
    return Particles(v)


@pytest.mark.parametrize(
    ("gradient", "centred"),
    [
        ({"rate": 1.0}, "data"),
        ({}, 0.5),
        ({"offsets": 0.0}, 0.5),
        ({"offsets": -0.5}, 0.25),
        ({"offsets": -1.0}, 0.0),
    ],
)
def test_spins_and_bits_are_trained_alike_where_both_are_centred(gradient, centred):
    """In W a step of bits is a sixteenth as long, in the centred biases a quarter.

    Plain training of spins is that of bits centred at 1/2, and plain training of bits that of spins
    centred at -1.
    """
    (model, _), batch = model_and_data(), skewed_data()
    before = [tuple(each.copy() for each in numbers(model, r)) for r in range(R)]
    p = spin_run(model, batch, LR, UPDATES, **gradient)
    for r, spins in enumerate(before):
        rows = batch.v[r].numpy()
        bits = zero_one_run(spins, rows, (16 * LR, 4 * LR), centred, UPDATES)
        np.testing.assert_allclose(p[r], bits, atol=1e-10)
        other = 0.9 if centred == 0.0 else None
        plain = zero_one_run(spins, rows, (16 * LR, 4 * LR), other, UPDATES)
        assert np.abs(p[r] - plain).max() > 1e-3


def turned(spins, units):
    """A model's couplings where some visible units' states are called the other way round."""
    W, a, b = (each.copy() for each in spins)
    W[units], a[units] = -W[units], -a[units]
    return W, a, b


def test_bits_are_trained_alike_whatever_is_called_1_only_where_they_are_centred():
    (model, _), batch, units = model_and_data(), skewed_data(), [1, 4]
    spins, rows = numbers(model, 0), batch.v[0].numpy()
    other_rows = rows.copy()
    other_rows[:, units] *= -1
    states = exact.states(V)
    states[:, units] *= -1
    place = ((states > 0) @ (2 ** np.arange(V - 1, -1, -1))).astype(int)
    off = {}
    for centred in ("data", None):
        one = zero_one_run(spins, rows, (LR, LR), centred, UPDATES)
        other = zero_one_run(turned(spins, units), other_rows, (LR, LR), centred, UPDATES)
        off[centred] = np.abs(one - other[place]).max()
    assert off["data"] < 1e-12
    assert off[None] > 1e-3


@pytest.mark.parametrize("gradient", [{"rate": 0.2}, {"rate": 1.0, "offsets": "average"}, {}])
def test_spins_are_trained_alike_whatever_is_called_up(gradient):
    """Both units' states: a set of visible ones and a set of hidden ones."""
    (model, _), batch = model_and_data(), skewed_data()
    signs_v, signs_h = torch.ones(V).double(), torch.ones(H).double()
    signs_v[[1, 4]] = signs_h[0] = -1
    other, _ = model_and_data()
    with torch.no_grad():
        other.W *= signs_v.unsqueeze(1) * signs_h
        other.a *= signs_v
        other.b *= signs_h
    spin_run(model, batch, LR, UPDATES, **gradient)
    spin_run(other, Particles(batch.v * signs_v), LR, UPDATES, **gradient)
    for mine, its, sign in (
        (other.W, model.W, signs_v.unsqueeze(1) * signs_h),
        (other.a, model.a, signs_v),
        (other.b, model.b, signs_h),
    ):
        assert torch.allclose(mine, its * sign, atol=1e-12)


@pytest.mark.parametrize(("offsets", "kept_share"), [("data", 1.0), ("data", 0.25), ("model", 1.0)])
def test_offsets_are_means_and_follow_them(offsets, kept_share):
    """Whatever the weights of rows sum to: fixed batches, and shares that are unlearned."""
    model, batch = model_and_data()
    optimizer = optimizer_of(model, offsets=offsets, rate=0.25)
    expected = None
    for turn in range(3):
        rows = random_spins(R, N, V, seed=turn).double()
        batch = Particles(rows, log_weight=torch.full((R, N), -3.0).double())
        taken = batch if offsets == "data" else every_state(model)
        with torch.no_grad():
            share = taken.weights / taken.weights.sum(1, keepdim=True)
            means = [
                (share.unsqueeze(2) * units).sum(1)
                for units in (taken.v, torch.tanh(model.hidden_field(taken.v)))
            ]
        pairs = zip(expected or means, means, strict=True)
        expected = [0.75 * old + 0.25 * new for old, new in pairs]
        update(model, optimizer, batch, kept_share)
        for mine, its in zip(optimizer.change.offsets, expected, strict=True):
            assert torch.allclose(mine, its, atol=1e-12)


def test_offsets_at_a_number_stay_there_and_follow_nothing():
    model, batch = model_and_data()
    optimizer = optimizer_of(model, offsets=-1)
    update(model, optimizer, batch)
    assert optimizer.change.standing() is None


@pytest.mark.parametrize("offsets", [-1.5, 2, "mean", None, [0]])
def test_offsets_are_means_by_name_or_a_number_that_units_can_have(offsets, tmp_path):
    text = SMALL.replace("{name: rbm, hidden: 11}", "{name: rbm, hidden: 11, bias: true}")
    given = f"lr: 0.01, gradient: {{name: centred, offsets: {json.dumps(offsets)}}}}}"
    with pytest.raises(ConfigError) as caught:
        plan(tmp_path, text.replace("lr: 0.01}", given))
    assert caught.value.problems[0].path == "methods.CD-2.optimizer.gradient.offsets"


def test_a_compiled_step_steps_along_it_too():
    """Of float32: the same as torch's own."""
    ways = []
    for name in ("sgd", "asgd"):  # the latter is SGD here, and not compiled
        model = random_model(V, H, R, 0.4, "ab")
        options = {"name": name, "lr": 0.1, "gradient": {"name": "centred"}}
        options |= {"alpha": 0.0, "lambd": 0.0} if name == "asgd" else {}
        optimizer = Optimizer(model, OptimizerOptions(**options))
        assert (optimizer.compiled is not None) == (name == "sgd")
        batch = Particles(random_spins(R, N, V))
        for turn in range(3):
            particles = Particles(random_spins(R, N, V, seed=turn))
            phases = model.phase(batch), model.phase(particles)
            optimizer.step(*phases, 1, Taken(batch, 1.0, particles))
        ways.append(list(model.parameters()))
    for mine, theirs in zip(*ways, strict=True):
        assert torch.allclose(mine, theirs, atol=1e-6)


def test_compiled_whole_updates_decline_it():
    model = RBM(RBM.Options(hidden=H, bias=True), V, Noise(range(R), "init"))
    sampler = CD(CD.Options(), NumbaKernel(NumbaKernel.Options()))
    plain = Optimizer(model, OptimizerOptions(name="sgd", lr=0.1))
    assert whole_update(model, sampler, plain) is not None
    assert whole_update(model, sampler, optimizer_of(model)) is None


CENTRED = "lr: 0.01, gradient: {name: centred}}"


def test_models_without_biases_and_others_are_refused(tmp_path):
    text = SMALL.replace("lr: 0.02}", CENTRED).replace("lr: 0.01}", CENTRED)
    with pytest.raises(ConfigError) as caught:
        plan(tmp_path, text)
    patterns, biases = caught.value.problems
    assert patterns.path == "methods.RAPID.optimizer.gradient"
    assert "'ra-rbm' is no two layers of spins with W, a and b" in patterns.problem
    assert biases.path == "methods.CD-2.optimizer.gradient"
    assert "'rbm' lacks biases" in biases.problem
    ended = ebmbench("validate", write(tmp_path, text))
    assert ended.code == 2
    assert "Traceback" not in ended.err


def test_a_model_with_biases_is_planned_and_costs_more(tmp_path):
    text = SMALL.replace("{name: rbm, hidden: 11}", "{name: rbm, hidden: 11, bias: true}")
    plain, centred = plan(tmp_path, text), plan(tmp_path, text.replace("lr: 0.01}", CENTRED))
    size = 9 * 11 + 9 + 11
    one, other = (
        each.estimates["bars3", "CD-2"].counted["optimizer"].macs for each in (plain, centred)
    )
    assert other - one == 4 * size
