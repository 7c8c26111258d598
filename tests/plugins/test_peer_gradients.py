"""Four libraries' own gradients as samplers: their training, update by update, and ours."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from ebmbench import Noise, Particles
from ebmbench.interfaces.library_chains import SingleReplica, single_replicas, to_zero_one
from ebmbench.interfaces.library_chains.single_replica import seeds_of
from ebmbench.training.optimizer import Optimizer, OptimizerOptions
from ebmbench.training.steps.centred import Centred, CentredOptions
from ebmbench.training.steps.change import Taken
from ebmbench_flip import PseudoLikelihoodGradient, RatioMatching
from ebmbench_gibbs import RBM
from support import exact
from support.two_layer import numbers, random_model, random_spins, splits_of

V, H, N, R, UPDATES = 5, 3, 7, 2, 4
PEERS = {
    "sklearn": ("sklearn", "ebmbench_sklearn", "BernoulliGradient", {}),
    "rbms": ("rbms.training.pcd", "ebmbench_rbms", "RbmsGradient", {}),
    "thrml": ("thrml", "ebmbench_thrml", "ThrmlGradient", {"chains": 11, "warmup": 3}),
    "ebmkit": ("ebm", "ebmbench_ebmkit", "EbmkitGradient", {"loss": "pseudo-likelihood"}),
}


def sampler_of(peer, **options):
    """The sampler; a skip where its library is not installed."""
    library, plugin, name, needed = PEERS[peer]
    pytest.importorskip(library, reason=f"the library {library} is not installed")
    cls = getattr(pytest.importorskip(plugin), name)
    return cls(cls.Options(**{**needed, **options}), None)


@pytest.fixture(params=PEERS)
def peer(request):
    return sampler_of(request.param)


def rbm(replicas=R, seed=0, scale=0.5):
    """An RBM of random numbers, biases too."""
    model = RBM(RBM.Options(hidden=H, bias=True), V, Noise(range(replicas), "init"))
    rng = torch.Generator().manual_seed(seed)
    for parameter in model.parameters():
        parameter.data.normal_(0, scale, generator=rng)
    return model


def batches(replicas=R, rows=N):
    return [Particles(random_spins(replicas, rows, V, seed=seed)) for seed in range(UPDATES)]


def start_of(sampler, model, noise):
    data = splits_of(random_spins(R, N, V), random_spins(R, N, V))
    return sampler.start(model, data, noise)


def slope(model, batch, found):
    """What an update goes along, one tensor per parameter."""
    return [d - n for d, n in zip(model.phase(batch), found.phase, strict=True)]


def trained(sampler, model, lr):
    """The model after some updates by SGD; the seeds that the library was given, and its start."""
    noise, again = (Noise([0], "negative") for _ in range(2))
    optimizer = Optimizer(model, OptimizerOptions(name="sgd", lr=lr))
    state = first = start_of(sampler, model, Noise([0], "start"))
    for batch in batches(1):
        found = sampler.negative_phase(model, batch, state, noise)
        optimizer.step(model.phase(batch), found.phase, 1)
        state = found.state
    return single_replicas(model)[0].zero_one(), [seeds_of(again)[0] for _ in range(UPDATES)], first


def assert_same(mine, theirs, atol=2e-5):
    for one, other in zip(mine, theirs, strict=True):
        np.testing.assert_allclose(np.asarray(one), np.asarray(other), rtol=0, atol=atol)


def test_sgd_along_scikit_learns_updates_is_its_own_training():
    sampler, model = sampler_of("sklearn"), rbm(1)
    W, a, b = (part.copy() for part in single_replicas(model)[0].zero_one())
    ours, seeds, _ = trained(sampler, model, lr=0.3)
    from sklearn.neural_network import BernoulliRBM

    theirs = BernoulliRBM(n_components=H, learning_rate=0.3, batch_size=N)
    theirs.components_, theirs.intercept_visible_, theirs.intercept_hidden_ = W.T, a, b
    for batch, seed in zip(batches(1), seeds, strict=True):
        theirs.random_state_ = np.random.RandomState([seed % 2**32, seed >> 32])
        theirs.partial_fit(to_zero_one(batch.v[0].double().numpy()))
    learned = theirs.components_.T, theirs.intercept_visible_, theirs.intercept_hidden_
    assert_same(ours, learned)
    assert np.abs(ours.W - single_replicas(rbm(1))[0].zero_one().W).max() > 0.05  # it did move


@pytest.mark.parametrize("chains", [None, 11])
@pytest.mark.parametrize("centred", [False, True])
def test_sgd_along_the_gradient_of_rbms_is_its_own_training(centred, chains):
    sampler, model = sampler_of("rbms", k=3, centred=centred, chains=chains), rbm(1)
    zero_one = single_replicas(model)[0].zero_one()
    ours, seeds, start = trained(sampler, model, lr=0.3)
    from rbms.bernoulli_bernoulli.classes import BBRBM
    from rbms.training.pcd import fit_batch_pcd

    theirs = BBRBM(*(torch.from_numpy(part).float() for part in zero_one))
    theirs.init_grad()
    optimizer = torch.optim.SGD(theirs.parameters(), lr=0.3, maximize=True)
    parallel = None if chains is None else {"visible": start[0], "weights": torch.ones(chains)}
    for batch, seed in zip(batches(1), seeds, strict=True):
        rows = (batch.v[0] + 1) / 2, torch.ones(N)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            if chains is None:
                parallel = theirs.init_chains(N, weights=rows[1], start_v=rows[0])
            parallel, _ = fit_batch_pcd(rows, parallel, theirs, 3, 1.0, centered=centred)
        optimizer.step()
    assert_same(ours, theirs.parameters())
    assert np.abs(ours.W - zero_one.W).max() > 0.05


def ours_along(model, batch, chains, centred):
    """<dF>_data - <dF>_model over the same chains; centred at the batch's means if asked for."""
    data, negative = model.phase(batch), model.phase(chains)
    if not centred:
        return [d - n for d, n in zip(data, negative, strict=True)], None
    change = Centred(CentredOptions(name="centred", offsets="data", rate=1.0), model)
    return change(data, negative, Taken(batch, 1.0, chains)), change.offsets


def as_zero_one_steps(G, offsets):
    """Ours as the direction of units 0 and 1: their gradient by the chain rule, or centred."""
    W, a, b = (part[0].double() for part in G)
    if offsets is None:
        return SingleReplica((W + a.unsqueeze(1) + b) / 4, a / 2, b / 2)
    mu, lam = (offset[0].double() for offset in offsets)
    on_a, on_b = a + W @ lam, b + W.mT @ mu  # the plain slopes on biases
    C = W / 4
    return SingleReplica(C, on_a / 2 - C @ (1 + lam) / 2, on_b / 2 - C.mT @ (1 + mu) / 2)


@pytest.mark.parametrize("centred", [False, True])
def test_the_gradient_of_rbms_is_ours_over_the_same_chains(centred, monkeypatch):
    """Plain or centred, but that W weighs less beside biases, and that its length is one.

    In units of 0 and 1: C_W / 4 and, of the centred model's biases, G / 2. Ours of spins are C_W
    and G. So no learning rate makes the one training of the other.
    """
    sampler, model, batch = sampler_of("rbms", k=2, centred=centred), rbm(1), batches(1)[0]
    from rbms.bernoulli_bernoulli.classes import BBRBM

    seen, sample_state = [], BBRBM.sample_state
    monkeypatch.setattr(
        BBRBM, "sample_state", lambda *a, **k: seen.append(sample_state(*a, **k)) or seen[-1]
    )
    found = sampler.negative_phase(model, batch, None, Noise([0], "negative"))
    chains = Particles((2 * seen[0]["visible"] - 1).unsqueeze(0))
    direction = as_zero_one_steps(*ours_along(model, batch, chains, centred))
    length = torch.sqrt(sum((part**2).sum() for part in direction))
    expected = SingleReplica(*((part / length).numpy() for part in direction)).spins()
    assert_same([part[0] for part in slope(model, batch, found)], expected)


def test_the_updates_of_scikit_learn_are_ours_over_the_same_chains(monkeypatch):
    sampler, model, batch = sampler_of("sklearn"), rbm(1), batches(1)[0]
    from sklearn.neural_network import BernoulliRBM

    seen, draw = [], BernoulliRBM._sample_visibles
    monkeypatch.setattr(
        BernoulliRBM, "_sample_visibles", lambda *a: seen.append(draw(*a)) or seen[-1]
    )
    found = sampler.negative_phase(model, batch, None, Noise([0], "negative"))
    chains = Particles((2.0 * torch.from_numpy(seen[0]) - 1).float().unsqueeze(0))
    direction = as_zero_one_steps(*ours_along(model, batch, chains, centred=False))
    expected = SingleReplica(*(part.numpy() for part in direction)).spins()
    assert_same([part[0] for part in slope(model, batch, found)], expected)


@pytest.mark.parametrize("samples", [1, 3])
def test_the_gradient_of_thrml_is_the_exact_one_on_average(samples):
    """By enumeration; chains forget their start within 30 steps of weak couplings."""
    chains, hidden = 20_000, 3000
    options = {"chains": chains, "warmup": 30, "hidden": hidden, "samples": samples, "steps": 2}
    sampler, model, batch = sampler_of("thrml", **options), rbm(1, scale=0.3), batches(1)[0]
    found = sampler.negative_phase(model, batch, None, Noise([0], "negative"))
    moments = exact.moments(*numbers(model, 0))
    error = 1 / np.sqrt(chains) + 1 / np.sqrt(N * hidden)  # no spin's deviation is above one
    for part, moment in zip(found.phase, moments, strict=True):
        np.testing.assert_allclose(part[0], -moment, atol=5 * error)
    assert max(np.abs(moment).max() for moment in moments) > 0.2


def objective(model, v, phi):
    """sum_i phi(d_i) of each row, d_i = F(v with v_i turned) - F(v), (R, N)."""
    turned = v.unsqueeze(2) * (1 - 2 * torch.eye(V, dtype=v.dtype))  # (R, N, V, V)
    around = model.free_energy(turned.flatten(1, 2)).unflatten(1, (v.shape[1], V))
    return phi(around - model.free_energy(v).unsqueeze(2)).sum(2)


def concrete_score(d):
    """As ebmkit has it."""
    return ((-d).exp() - 1) ** 2 / 2 - d.exp() + 1


def test_concrete_score_matching_is_the_slope_of_its_formula():
    sampler, model, batch = sampler_of("ebmkit", loss="concrete-score"), rbm(), batches()[0]
    found = sampler.negative_phase(model, batch, None, Noise(range(R), "negative"))
    same = rbm().double()
    cost = objective(same, batch.v.double(), concrete_score).mean(1).sum()
    expected = torch.autograd.grad(cost, tuple(same.parameters()))
    assert_same(slope(model, batch, found), expected, atol=1e-3 * float(expected[0].abs().max()))


@pytest.mark.parametrize(("missing", "consistent"), [(0.0, False), (1.0, True)])
def test_concrete_score_matching_lacks_a_term_to_rest_at_the_data(missing, consistent):
    """Where the data are the model's own law there should be no slope, by enumeration."""
    model = rbm(1).double()
    p = torch.from_numpy(exact.p_v(*numbers(model, 0)))
    every = torch.from_numpy(exact.states(V)).unsqueeze(0)
    costs = objective(model, every, lambda d: concrete_score(d) + missing * ((-d).exp() - 1))
    slopes = torch.autograd.grad((p * costs).sum(), tuple(model.parameters()))
    largest = max(each.abs().max().item() for each in slopes)
    assert (largest < 1e-12) == consistent
    assert consistent or largest > 0.1


@pytest.mark.parametrize(
    ("loss", "ours", "times"),
    [("pseudo-likelihood", PseudoLikelihoodGradient, V), ("ratio-matching", RatioMatching, 1)],
)
@pytest.mark.parametrize("biases", ["", "ab"])
def test_losses_of_ebmkit_that_we_have_too_have_our_slope(loss, ours, times, biases):
    model, batch = random_model(V, H, R, 0.7, biases), batches()[0]
    noise = Noise(range(R), "negative")
    theirs = sampler_of("ebmkit", loss=loss).negative_phase(model, batch, None, noise)
    mine = ours(ours.Options(), None).negative_phase(model, batch, None, noise)
    mine, theirs = (slope(model, batch, each) for each in (mine, theirs))
    assert_same([times * part for part in theirs], mine)


def test_the_same_seed_gives_the_same_numbers_alone_and_in_a_block(peer):
    def phases(model, select):
        noise = Noise(range(R)[select], "negative")
        state = start_of(peer, model, Noise(range(R)[select], "start"))
        for batch in batches():
            rows = Particles(batch.v[select])
            found = peer.negative_phase(model, rows, state, noise)
            state = found.state
            yield found.phase

    one = rbm()
    for parameter in one.parameters():
        parameter.data = parameter.data[1:]
    one.replicas = 1
    block, alone = phases(rbm(), slice(None)), phases(one, slice(1, None))
    for mine, theirs in zip(block, alone, strict=True):
        assert all(torch.equal(a[1:], b) for a, b in zip(mine, theirs, strict=True))


def test_chains_of_scikit_learn_and_of_rbms_go_on_from_update_to_update():
    for sampler in (sampler_of("sklearn"), sampler_of("rbms", chains=N)):
        model, noise = rbm(), Noise(range(R), "negative")
        state = start_of(sampler, model, Noise(range(R), "start"))
        first, second = (
            sampler.negative_phase(model, batches()[0], state, noise) for _ in range(2)
        )
        again = Noise(range(R), "negative")
        seeds_of(again)  # as drawn by the first
        from_second = sampler.negative_phase(model, batches()[0], second.state, again)
        assert not torch.equal(first.state, second.state)
        assert not torch.equal(from_second.phase[0], second.phase[0])
        assert ((first.state == 0) | (first.state == 1)).all()


def test_no_global_generator_is_touched(peer):
    before = torch.get_rng_state(), np.random.get_state()[1].copy()
    peer.negative_phase(rbm(), batches()[0], None, Noise(range(R), "negative"))
    assert torch.equal(before[0], torch.get_rng_state())
    assert (before[1] == np.random.get_state()[1]).all()


def test_another_kind_of_model_is_refused_with_a_reason(peer):
    class Other:
        name = "other"

    assert "two layers" in peer.supports(Other(), None)
    assert peer.supports(rbm(), None) is None
    without = RBM(RBM.Options(hidden=H), V, Noise([0], "init"))
    assert (peer.supports(without, None) is None) != peer.zero_one


def test_a_new_version_of_the_library_is_another_method(peer):
    from importlib.metadata import version

    library = peer.name.removesuffix("-gradient")
    assert version({"sklearn": "scikit-learn"}.get(library, library)) in peer.version


def test_cost_is_more_for_more_rows(peer):
    few, many = (peer.cost(rbm(), rows) for rows in (N, 2 * N))
    assert 0 < few.macs <= many.macs <= 2 * few.macs
    assert few.randoms <= many.randoms
