"""The autocorrelation penalty: its strength by hand, its slope, and what it is measured by."""

import numpy as np
import pytest
import torch

from ebmbench import Chains, Noise, Particles, View
from ebmbench.interfaces.penalised_chains import (
    Account,
    Penalised,
    Penalty,
    adapted,
    penalised,
)
from ebmbench.numerics.threads import at_most
from ebmbench.training.optimizer import Optimizer, OptimizerOptions
from ebmbench.training.replay import whole_update
from ebmbench_boltzmann import Boltzmann
from ebmbench_cpu import NumbaKernel
from ebmbench_exact.mode import Mode
from ebmbench_gibbs import CD, PCD, RBM, RDM, TorchKernel
from ebmbench_gibbs.fpcd import FPCD
from ebmbench_jarzynski.jarzynski import Jarzynski
from ebmbench_pt.pt import PT
from ebmbench_pt.round_trips import RoundTrips
from ebmbench_ptt.ptt import PTT
from ebmbench_ptt.trajectory_metric import TrajectoryMetric
from ebmbench_rapid import RARBM
from support import exact
from support.two_layer import numbers, oracle, random_model, splits_of

R, V, H, N = 2, 5, 3, 7
KERNEL = TorchKernel(TorchKernel.Options())
ON = {"threshold": 0.02}
NEVER = Penalty(threshold=0.5, every=1_000_000)  # for ever on the way to its first look
SAMPLERS = {
    "cd": (CD, {}),
    "pcd": (PCD, {}),
    "fpcd": (FPCD, {}),
    "rdm": (RDM, {}),
    "mode": (Mode, {"updates": 1, "p_max": 0.0}),
    "pt": (PT, {"temperatures": 3}),
    "pt recycled": (PT, {"temperatures": 3, "recycle": True}),
    "ptt": (PTT, {"anneal": 3, "accept": 0.9, "floor": 0.6}),
    "jarzynski": (Jarzynski, {"anneal": 3, "ess": 0.9}),
}


def tensor(*values):
    return torch.tensor(values, dtype=torch.float64)


def test_the_strength_goes_its_way_by_hand():
    """threshold .1, floor .001: (r, r before) -> factor."""
    penalty, strength, before = Penalty(threshold=0.1, floor=0.001), tensor(0.0), tensor(0.0)
    for now, expected in (
        (0.15, 0.001 * 1.2),  # begins at the floor; above, and it has grown
        (0.17, 0.001 * 1.2**2),
        (0.19, 0.001 * 1.2**2 * 1.5),  # from 1.8 thresholds on
        (0.40, 0.001 * 1.2**2 * 1.5**2),
        (0.30, 0.001 * 1.2**2 * 1.5**2 * 0.95),  # above, and it falls
        (0.30, 0.001 * 1.2**2 * 1.5**2 * 0.95**2),
        (0.05, 0.001 * 1.2**2 * 1.5**2 * 0.95**2 * 0.7),  # below: .6 + .2 r / threshold
        (0.00, 0.001 * 1.2**2 * 1.5**2 * 0.95**2 * 0.7 * 0.6),
        (0.00, 0.0),  # below the floor it ends
        (0.00, 0.0),
        (0.12, 0.001 * 1.2),
    ):
        strength = adapted(strength, tensor(now), before, penalty)
        assert strength.item() == pytest.approx(expected, rel=1e-9)
        before = tensor(now)


def test_replicas_are_adapted_each_by_itself():
    penalty = Penalty(threshold=0.1)
    now, before = tensor(0.05, 0.15, 0.15), tensor(0.0, 0.1, 0.2)
    found = adapted(tensor(0.5, 0.5, 0.5), now, before, penalty)
    assert found.tolist() == pytest.approx([0.35, 0.6, 0.475])


def every_state(model):
    """All states of v, weighted by the model."""
    v = torch.from_numpy(exact.states(model.visible)).expand(model.replicas, -1, -1)
    return Particles(v, log_weight=torch.from_numpy(oracle(exact.p_v, model)).log())


@pytest.mark.parametrize("strength", [0.1, 0.5])
def test_two_spins_and_a_hidden_one_come_to_rest_where_they_must(strength):
    """Data of two equal spins, W = (w, w): tanh 2w = (1 + lam) tanh w.

    <v t>_data = tanh 2w and <v h>_model = sinh 2w / (1 + cosh 2w) = tanh w, while <v> = <h> = 0. So
    tanh^2 w = (1 - lam) / (1 + lam).
    """
    model = random_model(2, 1, R, dtype=torch.float64)
    with torch.no_grad():
        model.W.fill_(0.3)
    data, lam = Particles(tensor([[1.0, 1.0], [-1.0, -1.0]]).expand(R, 2, 2)), tensor(strength)
    for _ in range(2000):
        particles = every_state(model)
        negative = penalised(model, model.phase(particles), particles, lam.expand(R))
        with torch.no_grad():
            model.W -= 0.5 * (model.phase(data)[0] - negative[0])
    w = np.arctanh(np.sqrt((1 - strength) / (1 + strength)))
    assert torch.allclose(model.W, torch.tensor(w), atol=1e-6)


def rbm(bias=True, std=0.6, replicas=R, **options):
    options = RBM.Options(hidden=H, init_std=std, bias=bias, **options)
    model = RBM(options, V, Noise(range(replicas), "init"))
    if bias:
        with torch.no_grad():
            model.a += 0.4 * Noise(range(replicas), "a").normal(1, V)[:, 0]
            model.b += 0.4 * Noise(range(replicas), "b").normal(1, H)[:, 0]
    return model


def ra_rbm():
    return RARBM(RARBM.Options(hidden=H, patterns=2), V, Noise(range(R), "init"))


@pytest.mark.parametrize("log_weight", [None, torch.linspace(-3, -1, N).expand(R, N)])
@pytest.mark.parametrize("model_of", [rbm, lambda: rbm(bias=False), ra_rbm])
def test_the_slope_is_that_of_correlations_that_are_not_there(model_of, log_weight):
    """By autograd of sum_ij W_ij lam (<v_i><h_j> - <v_i h_j>) at fixed moments."""
    model, lam = model_of(), tensor(0.3, 0.7)
    particles = Particles(Noise(range(R), "v").coins(N, V), log_weight=log_weight)
    phase = model.phase(particles)
    found = penalised(model, phase, particles, lam)
    with torch.no_grad():
        t, w = torch.tanh(model.hidden_field(particles.v)), particles.weights.unsqueeze(2)
        v, h = (w * particles.v).sum(1), (w * t).sum(1)
        away = v.unsqueeze(2) * h.unsqueeze(1) / w.sum(1, keepdim=True) - (w * particles.v).mT @ t
    along = (model.couplings().W * lam.float().view(R, 1, 1) * away).sum()
    slopes = torch.autograd.grad(along, tuple(model.parameters()), materialize_grads=True)
    for mine, plain, slope in zip(found, phase, slopes, strict=True):
        torch.testing.assert_close(mine, plain + slope)
    assert not torch.equal(found[0], phase[0])


def account_of(penalty, pairs, replicas):
    account = Account.empty(torch.zeros(replicas))
    for began, ended in pairs:
        account = account.after(began, ended, penalty)
    return account


def test_an_autocorrelation_is_that_of_the_steps_that_were_taken():
    """Against the transition matrix, chains in equilibrium; over some updates."""
    model, chains, updates, k = rbm(replicas=8), 2000, 5, 2
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(parameter[:1].expand_as(parameter).clone())
    p, s = oracle(exact.p_v, model)[0], exact.states(V)
    given_h = exact.joint(*numbers(model, 0))
    step = (given_h / given_h.sum(1, keepdims=True)) @ (given_h / given_h.sum(0)).T
    jump = p[:, None] * np.linalg.matrix_power(step, k)
    covariance = np.trace(s.T @ jump @ s) - (p @ s) @ (p @ s)
    expected = covariance / (1 - (p @ s) ** 2).sum()
    index = np.random.default_rng(0).choice(len(p), (8, chains), p=p)
    v, noise, pairs = torch.from_numpy(s[index]).float(), Noise(range(8), "x"), []
    for _ in range(updates):
        ended = KERNEL.run_chains(model, Chains(v), k, 1.0, noise).v
        pairs.append((v, ended))
        v = ended
    found = account_of(Penalty(threshold=0.1), pairs, 8).autocorrelation.numpy()
    assert 0.1 < expected < 0.9
    assert abs(found.mean() - expected) < 5 * found.std(ddof=1) / np.sqrt(8)
    assert found.std(ddof=1) < 0.02


def test_an_autocorrelation_is_a_covariance_over_two_standard_deviations():
    """Sums over units and updates, as numpy has them."""
    pairs = [
        tuple(torch.from_numpy(np.where(rng.random((R, N, V)) < p, 1.0, -1.0)) for p in (0.5, 0.9))
        for rng in map(np.random.default_rng, (1, 2, 3))
    ]
    pairs = [(began, torch.maximum(began, ended)) for began, ended in pairs]
    found = account_of(NEVER, pairs, R).autocorrelation
    for r in range(R):
        units = [(b[r, :, i], e[r, :, i]) for b, e in pairs for i in range(V)]
        moments = sum(np.cov(b, e, ddof=0) for b, e in units)
        expected = moments[0, 1] / np.sqrt(moments[0, 0] * moments[1, 1])
        assert found[r].item() == pytest.approx(expected)
        assert abs(moments[0, 0] / moments[1, 1] - 1) > 0.5


def test_a_look_comes_after_so_many_updates_and_begins_anew():
    still = Noise(range(R), "v").coins(N, V)
    penalty = Penalty(threshold=0.1, every=3)
    account = account_of(penalty, 2 * [(still, still)], R)
    assert account.updates.tolist() == [2, 2]
    assert account.strength.tolist() == [0, 0]
    account = account.after(still, still, penalty)
    assert account.strength.tolist() == pytest.approx([0.0015, 0.0015])  # r = 1
    assert account.before.tolist() == pytest.approx([1, 1])
    assert all((each == 0).all() for each in account[2:])
    account = account.after(still, still, penalty)
    assert account.updates.tolist() == [1, 1]


def test_chains_that_do_not_vary_have_no_autocorrelation():
    same = torch.ones(R, N, V)
    account = account_of(Penalty(threshold=0.1, every=1), [(same, same)], R)
    assert account.before.tolist() == [0, 0]


def made(name, **options):
    component, own = SAMPLERS[name]
    chains = {} if name == "cd" else {"chains": N}
    return component(component.Options(k=2, **chains, **own, **options), KERNEL)


def play(name, model, updates=3, **options):
    sampler = made(name, **options)
    v = Noise(range(R), "data").coins(N, V)
    batch, noise = Particles(v), Noise(range(R), "x")
    state = sampler.start(model, splits_of(v, v), Noise(range(R), "start"))
    seen = []
    for _ in range(updates):
        found = sampler.negative_phase(model, batch, state, noise)
        seen.append((state, found))
        state = found.state
    return seen, batch


def beside_an_account(state):
    """A state in which mode's chains are not further down."""
    state = getattr(state, "chains", state) if not isinstance(state, Penalised) else state
    assert isinstance(state, Penalised)
    return state


@pytest.mark.parametrize("name", SAMPLERS)
def test_every_chain_sampler_penalises_what_its_chains_remember(name):
    model = rbm()
    seen, batch = play(name, model, acp={**ON, "every": 1})
    plain, _ = play(name, model)
    strengths = []
    for (state, found), (its_state, its) in zip(seen, plain, strict=True):
        state, found = (
            beside_an_account(state),
            found._replace(state=beside_an_account(found.state)),
        )
        assert torch.equal(found.particles.v, its.particles.v)
        expected = penalised(model, its.phase, its.particles, state.account.strength)
        torch.testing.assert_close(found.phase, expected, rtol=0, atol=0)
        began = {
            "cd": lambda state: batch.v,
            "pcd": lambda state: state.v,
            "fpcd": lambda state: state.chains.v,
            "pt": lambda state: state.v[:, -N:],
            "ptt": lambda state: state.chains.v,
        }
        if name in began:
            chains = began[name](its_state), its.particles.v
            told = state.account.after(*chains, Penalty(**ON, every=1))
            assert torch.equal(told.before, found.state.account.before)
        strengths.append(state.account.strength)
    assert (strengths[0] == 0).all()
    assert (strengths[-1] > 0).any()


def test_walkers_end_where_they_moved_to_and_not_where_they_are_drawn():
    """Each told beside its own start, also where nearly all descend from one."""
    model, noise = rbm(std=2.0), Noise(range(R), "x")
    (state, found), *_ = play("jarzynski", model, acp={**ON, "every": 1})[0]
    began = state.state.gradient
    assert (began.at(model).ess < 0.9 * N).any()
    ended = began.at(model).moved(model, made("jarzynski").sweeper, 2, noise)
    told = state.account.after(began.v, ended.v, Penalty(**ON, every=1))
    assert torch.equal(told.before, found.state.account.before)


def test_an_update_at_the_ground_state_has_no_penalty():
    """A single state has no correlations; the chains go on with their account."""
    model, v = rbm(), Noise(range(R), "data").coins(N, V)
    found = []
    for acp in ({}, {**ON, "every": 1}):
        options = Mode.Options(updates=1, p_max=1.0, chains=N, acp=acp)
        sampler = Mode(options, KERNEL)
        state = sampler.start(model, splits_of(v, v), Noise(range(R), "start"))
        if acp:  # as if it had long been there
            account = state.chains.account._replace(strength=tensor(1.0, 1.0))
            state = state._replace(chains=Penalised(state.chains.state, account))
        found.append(sampler.negative_phase(model, Particles(v), state, Noise(range(R), "x")))
    plain, penalised_one = found
    torch.testing.assert_close(plain.phase, penalised_one.phase, rtol=0, atol=0)
    assert (penalised_one.state.chains.account.before > 0).all()


def test_a_rejected_update_is_rejected_with_it_too():
    model = rbm()
    sampler = made("ptt", acp={**ON, "every": 1})
    v = Noise(range(R), "data").coins(N, V)
    state = sampler.start(model, splits_of(v, v), Noise(range(R), "start"))
    with torch.no_grad():
        model.W.add_(4.0)  # so far away that no exchange is accepted
    found = sampler.negative_phase(model, Particles(v), state, Noise(range(R), "x"))
    parameters, rejected = found.restore
    assert rejected.all()
    assert len(parameters) == len(tuple(model.parameters()))


@pytest.mark.parametrize(
    ("name", "metric"), [("pt", RoundTrips), ("ptt", TrajectoryMetric)], ids=["pt", "ptt"]
)
def test_metrics_of_samplers_look_past_the_account(name, metric):
    found = []
    for acp in ({}, ON):
        model, sampler = rbm(), made(name, acp=acp)
        v = Noise(range(R), "data").coins(N, V)
        data = splits_of(v, v)
        state = sampler.start(model, data, Noise(range(R), "start"))
        state = sampler.negative_phase(model, Particles(v), state, Noise(range(R), "x")).state
        streams = Noise(range(R), "m"), Noise(range(R), "n")
        view = View(model, data, sampler, state, KERNEL, 1, *streams)
        found.append(metric(metric.Options()).measure(view))
    plain, with_it = found
    assert plain
    for part, value in plain.items():
        assert torch.equal(value, with_it[part])


@pytest.mark.parametrize("name", ["ptt", "jarzynski"])
def test_log_z_is_told_with_it_too(name):
    found = []
    for acp in ({}, ON):
        own = {} if name == "ptt" else {"evaluation": 5}
        model, sampler = rbm(), made(name, acp=acp, **own)
        v = Noise(range(R), "data").coins(N, V)
        state = sampler.start(model, splits_of(v, v), Noise(range(R), "start"))
        found.append(sampler.log_z(model, state))
    torch.testing.assert_close(found[0], found[1], rtol=0, atol=0)


@pytest.mark.parametrize("k", [0, 2])
def test_chains_that_start_anew_are_told_from_where_they_started(k):
    """Without steps they are where they began, and r = 1."""
    sampler = RDM(RDM.Options(k=k, chains=N, acp={**ON, "every": 1}), KERNEL)
    v, model = Noise(range(R), "data").coins(N, V), rbm()
    state = sampler.start(model, splits_of(v, v), Noise(range(R), "start"))
    found = sampler.negative_phase(model, Particles(v), state, Noise(range(R), "x"))
    began = Noise(range(R), "x").coins(N, V)
    told = account_of(Penalty(**ON, every=1), [(began, found.particles.v)], R)
    assert torch.equal(found.state.account.before, told.before)
    assert k or told.before.tolist() == pytest.approx([1, 1])


def trained(acp, updates=1500, replicas=8):
    """The strength and the account of PCD's chains at the end, data in two far modes."""
    up = torch.ones(replicas, 1, V)
    batch = Particles(torch.cat([up, -up], 1))
    model = rbm(replicas=replicas, std=0.01, bias=False)
    sampler = PCD(PCD.Options(chains=50, acp=acp), KERNEL)
    optimizer = Optimizer(model, OptimizerOptions(name="sgd", lr=0.05))
    data = splits_of(batch.v, batch.v)
    state = sampler.start(model, data, Noise(range(replicas), "start"))
    noise, pairs = Noise(range(replicas), "x"), []
    for update in range(updates):
        found = sampler.negative_phase(model, batch, state, noise)
        if update >= updates - 200:
            pairs.append((state.state.v, found.state.state.v))
        state = found.state
        optimizer.step(model.phase(batch), found.phase, 1)
    return state.account.strength, account_of(NEVER, pairs, replicas)


def test_with_it_chains_remember_less():
    """Two modes that PCD's chains do not leave once they are learned."""
    with at_most(1):
        _, plain = trained(NEVER.model_dump())
        strength, penalised_ones = trained({"threshold": 0.05, "every": 10})
    assert (plain.autocorrelation > 0.6).all()
    assert (penalised_ones.autocorrelation < 0.3).all()
    assert (strength > 0.01).all()


def test_compiled_whole_updates_decline_it():
    model, kernel = rbm(), NumbaKernel(NumbaKernel.Options())
    optimizer = Optimizer(model, OptimizerOptions(name="sgd", lr=0.1))
    for component in (CD, PCD):
        plain, with_it = (
            component(component.Options(**options), kernel) for options in ({}, {"acp": ON})
        )
        assert whole_update(model, plain, optimizer) is not None
        assert whole_update(model, with_it, optimizer) is None


def test_it_is_for_two_layers():
    options = Boltzmann.Options(mask="full", hidden=2)
    model = Boltzmann(options, V, Noise([0], "init"))
    v = Noise([0], "data").coins(3, V)
    data = splits_of(v, v)
    assert PCD(PCD.Options(acp={"every": 7}), KERNEL).supports(model, data) is None
    said = PCD(PCD.Options(acp=ON), KERNEL).supports(model, data)
    assert said.startswith("acp: the model 'boltzmann' is not two layers")


@pytest.mark.parametrize("name", SAMPLERS)
@pytest.mark.parametrize("model_of", [rbm, ra_rbm])
def test_it_is_counted(model_of, name):
    model, batch = model_of(), N
    plain, with_it = (made(name, acp=acp).cost(model, batch) for acp in ({}, ON))
    particles = 3 * N if name == "pt recycled" else N
    moments = 0 if model_of is rbm else 2 * particles * V * H
    more = 3 * particles * V + V * H + moments
    assert with_it.macs - plain.macs == pytest.approx(more, abs=1e-6)
    assert with_it.randoms == plain.randoms
