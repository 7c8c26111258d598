"""Parallel trajectory tempering: mode weights, log Z, rejection, and a replica's own affairs."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest
import torch
from pydantic import ValidationError

from ebmbench import Chains, Noise, Particles
from ebmbench.training.learner import Learner
from ebmbench.training.optimizer import Optimizer, OptimizerOptions
from ebmbench.training.streams import Streams
from ebmbench_cpu.numba_kernel import NumbaKernel
from ebmbench_gibbs import RBM
from ebmbench_likelihood.nll_walkers import WalkersNLL
from ebmbench_ptt import freezing, tempering
from ebmbench_ptt.exchange import Pool
from ebmbench_ptt.free_energies import free_energies
from ebmbench_ptt.groups import standard_error
from ebmbench_ptt.ptt import PTT
from ebmbench_ptt.trajectory import some
from ebmbench_ptt.trajectory_metric import TrajectoryMetric
from support import exact
from support.two_layer import TwoLayerModel, oracle, random_model, row_of_state, splits_of, view_of

KERNEL = NumbaKernel(NumbaKernel.Options())
CPU = torch.device("cpu")


def sampler(**options):
    return PTT(PTT.Options(**options), KERNEL)


def log_z(model):
    return torch.from_numpy(oracle(exact.log_z, model))


def rbm(seeds, V=6, H=4, std=0.1):
    options = RBM.Options(hidden=H, init_std=std, bias=True)
    return RBM(options, V, Noise(seeds, "model"))


def started(ptt, model, seed="start"):
    rows = torch.ones(model.replicas, 2, model.visible)
    return ptt.start(model, splits_of(rows, rows), Noise(range(model.replicas), seed))


def two_modes(replicas, V=6):
    """Rows around two patterns, weighted 3 to 1; the same in all replicas."""
    rng = np.random.default_rng(0)
    patterns = np.where(rng.random((2, V)) < 0.5, -1.0, 1.0)
    rows = patterns[rng.choice(2, 50, p=[0.75, 0.25])]
    rows *= np.where(rng.random(rows.shape) < 0.05, -1.0, 1.0)
    return torch.from_numpy(rows).float().expand(replicas, -1, -1).contiguous()


def learner_of(ptt, model, seeds, **optimizer):
    data = splits_of(*(two_modes(len(seeds), model.visible),) * 2)
    options = OptimizerOptions(**optimizer)
    streams = Streams.of(seeds, "data", "method", CPU)
    return Learner(model, ptt, Optimizer(model, options), data, streams)


def updates(learner, batch=None):
    """Make updates one after another; yields the learner."""
    while True:
        learner.take(batch or Particles(learner.splits.train), 1)
        learner.data()
        learner.negative()
        learner.step()
        yield learner


def hopfield():
    """Two modes that Gibbs steps do not connect, the one up a little the heavier."""
    V, H = 10, 8
    return TwoLayerModel(torch.full((1, V, H), 0.8 / H**0.5), torch.full((1, V), 0.03))


def share_up(v):
    return (v.sum(2) > 0).double().mean().item()


def test_chains_get_from_mode_to_mode_in_their_shares():
    model, N = hopfield(), 1000
    p = oracle(exact.p_v, model)[0]
    up = exact.states(10).sum(1)
    p_up = p[up > 0].sum() + p[up == 0].sum() / 2
    assert 0.6 < p_up < 0.9
    sigma = (p_up * (1 - p_up) / N) ** 0.5
    ptt = sampler(chains=N, reservoir=100)
    state = started(ptt, model)
    assert abs(share_up(state.chains.v) - p_up) < 4 * sigma
    found, error = ptt.log_z(model, state)
    assert abs(found - log_z(model)) < min(4 * error, torch.tensor(0.05))

    ones = torch.ones(1, N, 10)
    stuck = KERNEL.run_chains(model, Chains(ones), 200, 1.0, Noise([0], "gibbs")).v
    assert share_up(stuck) == 1.0
    state = state._replace(chains=Pool(ones, free_energies(model, ones)))
    noise = Noise([0], "x")
    for _ in range(100):
        state = ptt.negative_phase(model, Particles(ones), state, noise).state
    assert abs(share_up(state.chains.v) - p_up) < 4 * sigma


@pytest.mark.parametrize("anneal", [100, 10])
def test_log_z_of_a_strong_model_is_known_from_the_start(anneal, monkeypatch):
    checkpoints = []
    known = tempering.gone_on
    monkeypatch.setattr(
        tempering, "gone_on", lambda old, *new: checkpoints.extend(old.log_z) or known(old, *new)
    )
    model = random_model(8, 4, R=3, scale=1.5, biases="ab")
    ptt = sampler(chains=1000, anneal=anneal)
    state = started(ptt, model)
    assert len(checkpoints) >= 2 * 3
    found, error = ptt.log_z(model, state)
    off = found - log_z(model)
    assert (off.abs() < 4 * error).all()
    assert (off.abs() < 0.05).all()
    assert (error > 1e-3).all()
    p = oracle(exact.p_v, model)
    for samples in (state.checkpoint.samples, state.checkpoint.account.samples):
        for r, states in enumerate(row_of_state(samples.v)):
            share = np.bincount(states, minlength=256) / len(states)
            floor = np.sqrt(p[r] * (1 - p[r]) / 1000).sum() / 2  # as of so many columns
            assert abs(share - p[r]).sum() / 2 < 4 * floor


def test_log_z_is_known_all_along_a_training():
    """20 models, 400 updates: at every checkpoint and, from its samples alone, between them."""
    replicas = 20
    ptt = sampler(chains=100, accept=0.5, anneal=10)
    learner = learner_of(ptt, rbm(range(replicas)), range(replicas), name="sgd", lr=0.1)
    off, at_checkpoints, frozen = [], [], learner.state.frozen
    for update, _ in enumerate(islice(updates(learner), 400), start=1):
        state = learner.state
        for r in (state.frozen > frozen).nonzero().flatten().tolist():
            W, a, b = (part[r].double().numpy() for part in state.checkpoint.parameters)
            error = standard_error(state.checkpoint.account.influence)[r]
            at_checkpoints.append(
                (state.checkpoint.account.log_z[r] - exact.log_z(W, a, b)) / error
            )
        frozen = state.frozen
        if update % 10 == 0:
            known, error = ptt.log_z(learner.model, state)
            off.append((known - log_z(learner.model)) / error)
    off, at_checkpoints = torch.stack(off), torch.stack(at_checkpoints)
    assert len(at_checkpoints) > 40
    for each in (off, at_checkpoints):
        assert (each.abs() < 4).all()
        assert 0.2 < each.square().mean() < 3  # Student's t of nine, and moments go together
    assert (frozen > 1).all()


def lagging(a, N=1000):
    """Chains and samples of fair coins, where the chains are taken for those of a field ``a``."""
    coins = TwoLayerModel(torch.zeros(1, 10, 2), torch.zeros(1, 10))
    ptt = sampler(chains=N, accept=0.9)
    state = started(ptt, coins)
    model = TwoLayerModel(torch.zeros(1, 10, 2), torch.full((1, 10), a))
    chains = state.chains._replace(F=free_energies(model, state.chains.v))
    return ptt, model, state._replace(chains=chains, since=state.since + 5)


def test_a_checkpoint_whose_chains_only_look_close_is_refused():
    """In equilibrium no more than a twentieth of the exchanges are accepted."""
    ptt, model, state = lagging(1.0)
    traded = Pool(*(part.flip(1) for part in state.reservoir))  # as by exchanges before
    state = state._replace(reservoir=traded)
    found = ptt.negative_phase(model, Particles(state.chains.v), state, Noise([0], "x"))
    assert found.state.acceptance > 0.5
    assert found.restore is not None
    parameters, rejected = found.restore
    assert rejected.all()
    assert all((part == 0).all() for part in parameters)
    samples = state.checkpoint.samples
    assert torch.equal(found.state.reservoir.v, samples.v)
    assert torch.equal(found.state.checkpoint.samples.v, samples.v)
    assert (found.state.rejected == 1).all()
    assert (found.state.since == 0).all()


def test_what_does_not_come_to_equilibrium_in_time_is_refused(monkeypatch):
    ptt, model, state = lagging(0.75)
    found = ptt.negative_phase(model, Particles(state.chains.v), state, Noise([0], "x"))
    assert found.restore is None
    assert (found.state.frozen == 1).all()
    known, error = ptt.log_z(model, found.state)
    assert (known - log_z(model)).abs() < min(4 * error, torch.tensor(0.05))
    monkeypatch.setattr(freezing, "MOST", 20)
    late = ptt.negative_phase(model, Particles(state.chains.v), state, Noise([0], "x"))
    assert late.restore is not None


def test_after_a_freeze_all_goes_on_from_the_new_checkpoint():
    ptt, model, state = lagging(0.75)
    found = ptt.negative_phase(model, Particles(state.chains.v), state, Noise([0], "x"))
    after = found.state
    assert torch.equal(after.checkpoint.parameters[1], model.a.detach())
    model.a.data.add_(1)  # a copy, not the model's own
    assert (after.checkpoint.parameters[1] == 0.75).all()
    model.a.data.sub_(1)
    for pool in (after.checkpoint.samples, after.reservoir, after.chains):
        np.testing.assert_allclose(pool.F, free_energies(model, pool.v), rtol=1e-12)
    assert torch.equal(after.reservoir.v, after.checkpoint.samples.v)
    assert (after.since == 1).all()


def test_without_samples_of_its_own_log_z_is_not_told():
    ptt, model = sampler(chains=7, evaluation=False, anneal=3), rbm(range(2))
    state = started(ptt, model)
    assert state.checkpoint.account is None
    state = ptt.negative_phase(model, Particles(two_modes(2)), state, Noise([0, 1], "x")).state
    assert ptt.log_z(model, state) is None


def test_without_rejection_a_model_is_frozen_whatever_it_has_in_common():
    _, model, state = lagging(1.0)
    going_on = sampler(chains=1000, accept=0.9, reject=False)
    found = going_on.negative_phase(model, Particles(state.chains.v), state, Noise([0], "x"))
    assert found.restore is None
    assert (found.state.frozen == 1).all()
    known, error = going_on.log_z(model, found.state)
    assert (known - log_z(model)).abs() < 4 * error


@pytest.mark.parametrize("name", ["sgd", "adam"])
def test_after_a_rejection_a_replica_goes_on_from_its_checkpoint_without_momentum(name):
    """To the last digits: where it is, and its next step."""
    seeds, large = range(3), {"sgd": {"lr": 5.0, "momentum": 0.9}, "adam": {"lr": 1.0}}[name]
    learner = learner_of(sampler(chains=50, anneal=5), rbm(seeds), seeds, name=name, **large)
    parameters = list(learner.model.parameters())
    before, restarted = parameters, torch.zeros(3, dtype=torch.bool)
    checked = 0
    for _ in islice(updates(learner), 40):
        rejected = torch.zeros(3, dtype=torch.bool)
        if learner.restore is not None:
            to, rejected = learner.restore
            for part, kept in zip(parameters, to, strict=True):
                assert torch.equal(part[rejected], kept[rejected])
        lr = large["lr"] * 0.5**learner.state.rejected
        phases = list(zip(learner.positive_phase, learner.negative_phase, strict=True))
        for r in (restarted & ~rejected).nonzero().flatten().tolist():
            for part, old, (data, negative) in zip(parameters, before, phases, strict=True):
                slope = (data - negative)[r]
                step = slope if name == "sgd" else slope.sign()
                off = part[r] - (old[r] - lr[r] * step)
                assert off[slope.abs() > 1e-3].abs().max() < 1e-3 * lr[r]  # beside Adam's eps
                checked += 1
        before, restarted = [part.detach().clone() for part in parameters], rejected
    assert checked > 3
    assert (learner.state.rejected > 1).all()
    rates = learner.optimizer.restarts.factor
    np.testing.assert_allclose(rates, 0.5 ** learner.state.rejected.double())


def test_data_count_by_their_weight():
    """Two kinds of rows, the second of hardly any weight: the model has the means of the first."""
    rng = np.random.default_rng(0)
    means = np.repeat([[0.6, -0.5, 0.4, 0.1, 0.0], [-0.3, 0.5, -0.6, 0.7, 0.3]], 400, axis=0)
    rows = torch.from_numpy(np.where(rng.random(means.shape) < (1 + means) / 2, 1.0, -1.0)).float()
    weight = torch.cat([torch.full((400,), 1.0), torch.full((400,), 1e-3)])
    log_weight = torch.log_softmax(weight.log(), 0).unsqueeze(0)
    batch = Particles(rows.unsqueeze(0), log_weight=log_weight)
    model = rbm([0], V=5, H=2)
    learner = learner_of(sampler(chains=200, reservoir=5), model, [0], name="sgd", lr=0.05)
    for _ in islice(updates(learner, batch), 400):
        pass
    found = exact.moments(*(part[0].detach().double().numpy() for part in model.parameters())).v
    weighted = (weight / weight.sum()) @ rows
    assert abs(found - weighted.numpy()).max() < 0.05
    assert abs(found - rows.mean(0).numpy()).max() > 0.15


@pytest.mark.parametrize("optimizer", [{"name": "sgd", "lr": 0.4}, {"name": "adam", "lr": 0.1}])
def test_a_replica_alone_freezes_and_rejects_as_in_a_block(optimizer):
    """Bit for bit, while replicas of the block do so at updates of their own."""
    seeds, ptt = range(5), sampler(chains=13, reservoir=3, accept=0.9, floor=0.6, anneal=5)
    block = learner_of(ptt, rbm(seeds), seeds, **optimizer)
    alone = learner_of(ptt, rbm([3]), [3], **optimizer)
    counts = []
    for _ in islice(zip(updates(block), updates(alone), strict=True), 60):
        for mine, theirs in zip(block.model.parameters(), alone.model.parameters(), strict=True):
            assert torch.equal(mine[3:4], theirs)
        assert same(some(block.state, [3]), alone.state)
        counts.append((block.state.frozen, block.state.rejected))
    for events in zip(*counts, strict=True):
        happened = torch.stack(events).diff(dim=0) > 0  # (updates, R)
        own, others = happened[:, 3], happened[:, [0, 1, 2, 4]]
        assert (own & ~others.all(1)).any()
        assert (~own & others.any(1)).any()


def same(one, other):
    if isinstance(one, torch.Tensor):
        return torch.equal(one, other)
    return all(same(*pair) for pair in zip(one, other, strict=True))


def test_the_metrics_tell_the_likelihood_and_how_the_trajectory_went():
    learner = learner_of(
        sampler(chains=50, accept=0.6), rbm(range(5)), range(5), name="sgd", lr=0.1
    )
    for _ in islice(updates(learner), 100):
        pass
    view = view_of(learner.model, learner.sampler, KERNEL, learner.state)
    found = WalkersNLL(WalkersNLL.Options()).measure(view)
    F = learner.model.free_energy(view.data.train).detach().double().mean(1)
    assert (found["trusted"] == 1).all()
    off = (found["train"] - F - log_z(learner.model)) / found["log_z_error"]
    assert (off.abs() < 4).all()
    told = TrajectoryMetric(TrajectoryMetric.Options()).measure(view)
    assert torch.equal(told["frozen"], learner.state.frozen.double())
    assert (told["frozen"] > 0).all()
    assert (told["rejected"] == 0).all()
    assert ((told["acceptance"] > 0.5) & (told["acceptance"] <= 1)).all()


def test_of_other_samplers_there_is_no_trajectory():
    assert TrajectoryMetric(TrajectoryMetric.Options()).measure(view_of(random_model(5, 3))) == {}


def test_the_floor_is_below_what_is_accepted():
    with pytest.raises(ValidationError, match=r"floor 0.3 must be below accept 0.3"):
        PTT.Options(floor=0.3)
