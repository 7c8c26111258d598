"""Parallel tempering as a sampler: its chains, its ladder, and what is told of them."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest
import torch
from tempering import drawn, p_at

from ebmbench import Chains, Noise, Particles
from ebmbench_cpu import NumbaKernel
from ebmbench_gibbs import PCD
from ebmbench_hopfield.hybrid_rbm import HybridRBM
from ebmbench_pt.ladder import round_trip_rate
from ebmbench_pt.pt import PT
from ebmbench_pt.round_trips import RoundTrips
from support.no_drift import assert_frequencies
from support.two_layer import (
    TwoLayerModel,
    random_model,
    random_spins,
    row_of_state,
    splits_of,
    view_of,
)

R, V, H = 2, 5, 3
KERNEL = NumbaKernel(NumbaKernel.Options())
BATCH = Particles(random_spins(R, 11, V, seed=3))
SPLITS = splits_of(BATCH.v, BATCH.v)


def sampler(**options):
    return PT(PT.Options(**options), KERNEL)


def run(pt, model, state, updates, noise):
    """The states after each of some updates of a model that stands still."""
    for _ in range(updates):
        _, state = pt.particles(model, None, state, noise)
        yield state


def begun(pt, model, data=SPLITS):
    return pt.start(model, data, Noise(range(model.replicas), "start"))


OPTIONS = [
    {"base": "data"},
    {"base": "uniform"},
    {"base": "data", "swaps": "random", "recycle": True},
    {"base": "uniform", "swaps": "random", "k": 2},
]


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_each_rungs_chains_stay_distributed_as_they_are(options):
    """Started exactly from every p_beta, through 1, 4 and 16 updates."""
    T, N = 4, 20_000
    model, pt = random_model(V, H, R, scale=1.2, biases="ab"), sampler(
        chains=N, temperatures=T, **options
    )  # fmt: skip
    state = begun(pt, model)
    state = state._replace(v=drawn(model, state.a0, state.betas, N))
    for update, after in enumerate(run(pt, model, state, 16, Noise(range(R), "run")), start=1):
        if update in (1, 4, 16):
            rows = row_of_state(after.v).reshape(R, T, N)
            for r in range(R):
                for t, beta in enumerate(state.betas[r].tolist()):
                    assert_frequencies(rows[r, t], p_at(model, state.a0, beta, r))
    assert (after.rejection > 0.01).all()


UNITS, HIDDEN = 10, 50


def two_modes():
    """All units up or all down, 0.65 to 0.35, and next to nothing in between."""
    W = torch.full((1, UNITS, HIDDEN), 0.8 / HIDDEN**0.5)
    return TwoLayerModel(W, torch.full((1, UNITS), 0.03))


def share_of_up():
    """P(most are up) / P(most are up or most are down), a sum over how many are up."""
    ups = np.arange(UNITS + 1)
    total = 2.0 * ups - UNITS
    x = 0.8 / HIDDEN**0.5 * total
    log_p = 0.03 * total + HIDDEN * np.logaddexp(x, -x)
    p = np.array([comb(UNITS, up) for up in ups]) * np.exp(log_p - log_p.max())
    return p[total > 0].sum() / p[total != 0].sum()


@pytest.mark.parametrize("base", ["data", "uniform"])
def test_modes_that_gibbs_steps_never_leave_get_their_weights(base):
    """Chains of all rungs begin where all units are down."""
    model, N, noise = two_modes(), 2000, Noise([0], "run")
    down, exactly = -torch.ones(1, 10 * N, UNITS), share_of_up()
    assert 0.6 < exactly < 0.7
    gibbs = KERNEL.run_chains(model, Chains(down), 200, 1.0, noise)
    assert (gibbs.v.sum(2) < 0).all()
    pt = sampler(chains=N, base=base)
    state = begun(pt, model, splits_of(*(2 * (random_spins(1, 50, UNITS),))))._replace(v=down)
    *_, after = run(pt, model, state, 300, noise)
    up = (after.v[0, -N:].sum(1) > 0).double().mean().item()
    assert abs(up - exactly) < 4 * (exactly * (1 - exactly) / N) ** 0.5


def test_the_negative_phase_is_taken_over_the_last_rung():
    model, pt = random_model(V, H, R), sampler(chains=7, temperatures=3)
    particles, after = pt.particles(model, BATCH, begun(pt, model), Noise(range(R), "run"))
    assert torch.equal(particles.v, after.v[:, -7:])
    assert particles.log_weight is None


def test_recycled_chains_of_all_rungs_have_weights_that_sum_to_one():
    model = random_model(V, H, R)
    one, other = (sampler(chains=7, temperatures=3, recycle=flag) for flag in (True, False))
    state = begun(one, model)
    particles, after = one.particles(model, BATCH, state, Noise(range(R), "run"))
    _, same = other.particles(model, BATCH, state, Noise(range(R), "run"))
    assert particles.v.shape == (R, 21, V)
    np.testing.assert_allclose(particles.weights.sum(1), 1, rtol=1e-6)
    assert (particles.weights.view(R, 3, 7)[:, :2].sum((1, 2)) > 0.05).all()
    assert torch.equal(after.v, same.v)  # what is looked at changes no chain


def test_chains_begin_with_the_datas_means_or_as_fair_coins():
    rows = torch.tensor([1.0, 1.0, 1.0, -1.0]).view(1, 4, 1) * torch.ones(R, 4, V)
    model = random_model(V, H, R)
    for base, mean in (("data", 2 / 6), ("uniform", 0.0)):
        pt = sampler(chains=20_000, temperatures=2, base=base)
        v = begun(pt, model, splits_of(rows, rows)).v
        assert (v.mean(1) - mean).abs().max() < 4.5 / 40_000**0.5


def strong(scale):
    return random_model(V, 8, R, scale=scale, biases="a", seed=4)


def test_an_adapted_ladder_rejects_all_swaps_alike_and_carries_walkers_faster():
    model, data = two_modes(), splits_of(*(2 * (random_spins(1, 50, UNITS),)))
    spread, trips = [], []
    for adapt in ("none", "rejection"):
        pt = sampler(chains=200, adapt=adapt)
        *_, state = run(pt, model, begun(pt, model, data), 1000, Noise([0], "run"))
        spread.append(state.rejection.std())
        trips.append(state.travel.trips)
        assert state.betas[:, [0, -1]].tolist() == [[0.0, 1.0]]
        assert (state.betas.diff(dim=1) > 0).all()
    assert spread[0] > 0.1
    assert spread[1] < 0.03
    assert trips[1] > 1.1 * trips[0]


def test_an_adapted_ladder_leaves_the_models_distribution_as_it_is():
    model, N, T = strong(0.5), 10_000, 4
    pt = sampler(chains=N, temperatures=T, adapt="rejection")
    state = begun(pt, model)
    state = state._replace(v=drawn(model, state.a0, state.betas, N))
    *_, after = run(pt, model, state, 110, Noise(range(R), "run"))
    assert not torch.equal(after.betas, state.betas)
    for r in range(R):
        assert_frequencies(row_of_state(after.v[r, -N:]), p_at(model, state.a0, 1.0, r))


def test_a_ladder_made_anew_is_the_same_alone_and_in_a_block():
    """Past the first hundred updates, with all that can be chosen."""
    options = {"adapt": "rejection", "recycle": True, "swaps": "random", "base": "uniform"}
    pt, data = sampler(chains=7, temperatures=5, **options), random_spins(3, 11, V, seed=3)
    found = []
    for chosen in ([0, 1, 2], [1]):
        whole = random_model(V, H, 3, biases="ab").couplings()
        model = TwoLayerModel(*(part.detach()[chosen] for part in whole))
        state = pt.start(model, splits_of(data[chosen], data[chosen]), Noise(chosen, "start"))
        noise = Noise(chosen, "run")
        *_, state = run(pt, model, state, 120, noise)
        particles, _ = pt.particles(model, None, state, noise)
        found.append((state.betas, state.v, particles.log_weight))
    for block, alone in zip(*found, strict=True):
        assert torch.equal(block[1:2], alone)
    even = pt.start(model, splits_of(data[chosen], data[chosen]), Noise(chosen, "start")).betas
    assert not torch.equal(found[1][0], even)


def rate(pt, model, updates, seed=0):
    """Round trips per update of a ladder."""
    noise = Noise(range(seed, seed + model.replicas), "run")
    *_, state = run(pt, model, begun(pt, model), updates, noise)
    return state.travel.trips.double() / (updates * pt.options.chains), state


def test_where_all_swaps_are_accepted_even_odd_swaps_waste_no_step():
    """Up and down without a pause: all T walkers of a ladder go round in 2 T updates."""
    model, T = TwoLayerModel(torch.zeros(R, V, H)), 6
    found, state = rate(sampler(chains=3, temperatures=T, base="uniform"), model, 1000)
    assert (state.rejection == 0).all()
    assert ((found - 0.5).abs() < 2 * T / 1000).all()


def test_a_coins_swaps_carry_walkers_through_the_ladder_more_slowly():
    model, T = strong(0.3), 10
    even, state = rate(sampler(chains=50, temperatures=T), model, 1000)
    random, _ = rate(sampler(chains=50, temperatures=T, swaps="random"), model, 1000)
    assert (random < 0.6 * even).all()
    possible = round_trip_rate(state.rejection)
    assert ((even > 0.6 * possible) & (even < 1.1 * possible)).all()


def test_the_metric_tells_rates_and_rejections():
    model, pt = strong(0.9), sampler(chains=20, temperatures=4)
    *_, state = run(pt, model, begun(pt, model), 200, Noise(range(R), "run"))
    found = RoundTrips(RoundTrips.Options()).measure(view_of(model, pt, KERNEL, state))
    assert set(found) == set(RoundTrips.parts)
    assert torch.equal(found["rate"], state.travel.trips.double() / (200 * 20))
    assert torch.equal(found["most"], state.rejection.amax(1))
    assert (found["rejection"] <= found["most"]).all()
    assert (found["possible"] <= 0.5).all()
    first = RoundTrips(RoundTrips.Options()).measure(view_of(model, pt, KERNEL, begun(pt, model)))
    assert (first["rate"] == 0).all()


def test_the_metric_says_nothing_of_other_samplers():
    view = view_of(random_model(V, H), PCD(PCD.Options(), KERNEL), KERNEL, None)
    assert RoundTrips(RoundTrips.Options()).measure(view) == {}


def test_all_walkers_are_counted():
    """2 N T k V H of the sweeps, V H a walker for its field, and the phase of the last rung."""
    model, N, T, k = random_model(37, 41), 10, 6, 3
    for base in ("data", "uniform"):
        cost = sampler(chains=N, temperatures=T, k=k, base=base).cost(model, 7)
        sweeps, field = 2 * N * T * k * 37 * 41, N * T * 37 * 41
        forming = T * 37 * 41 * (base == "data")
        few = N * T * (2 * 41 + 2 * 37)
        phase = model.phase_cost(N).macs
        assert cost.macs == sweeps + field + forming + few + phase
        assert cost.randoms == N * T * k * (37 + 41) + T // 2 * N


def test_what_cannot_be_swept_is_told():
    model = random_model(V, H)
    assert sampler().supports(model, SPLITS) is None
    assert "no kernel" in PT(PT.Options(), None).supports(model, SPLITS)
    hybrid = HybridRBM(HybridRBM.Options(hidden=H), V, Noise([0], "init"))
    assert "not two layers of spins" in sampler().supports(hybrid, SPLITS)
