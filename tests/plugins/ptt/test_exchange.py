"""Exchanges: who meets whom, what is traded, and that both distributions stay as they are."""

import numpy as np
import pytest
import torch

from ebmbench import Noise
from ebmbench_gibbs import TorchKernel
from ebmbench_ptt.exchange import Pool, meet, pairs, trade
from ebmbench_ptt.free_energies import free_energies
from ebmbench_ptt.given import parameters_of
from ebmbench_ptt.groups import groups
from ebmbench_ptt.ptt import PTT
from ebmbench_ptt.trajectory import Checkpoint, Trajectory
from support import exact
from support.two_layer import (
    TwoLayerModel,
    numbers,
    oracle,
    random_model,
    random_spins,
    row_of_state,
)

R, V, H = 2, 6, 3
KERNEL = TorchKernel(TorchKernel.Options())


def drawn(model, n, seed):
    """Visible states drawn from p(v), with their free energies."""
    rng, states = np.random.default_rng(seed), exact.states(model.visible)
    rows = [rng.choice(len(states), n, p=exact.p_v(*numbers(model, r))) for r in range(R)]
    v = torch.from_numpy(states[np.stack(rows)]).float()
    return Pool(v, free_energies(model, v))


def moved(model, by, seed=9):
    """The model, its parameters moved by normal numbers."""
    rng = np.random.default_rng(seed)
    steps = (by * torch.from_numpy(rng.standard_normal(p.shape)) for p in model.parameters())
    both = zip(model.parameters(), steps, strict=True)
    return TwoLayerModel(*(was.detach() + step.float() for was, step in both))


def total_variation(v, p):
    """Between how often states come up in v (R, N, V) and p (R, 2^V), (R,)."""
    counts = np.stack([np.bincount(rows, minlength=p.shape[1]) for rows in row_of_state(v)])
    return abs(counts / v.shape[1] - p).sum(1) / 2


def floor(p, n):
    """The most that n draws are expected to differ by."""
    return np.sqrt(p * (1 - p) / n).sum(1) / 2


def test_chains_and_reservoir_stay_distributed_as_they_are():
    """Started exactly from both models, through several exchanges and Gibbs steps per update."""
    N = 20_000
    base = random_model(V, H, R, scale=0.6, biases="ab")
    model = moved(base, 0.3)
    samples, chains = drawn(base, 2 * N, 1), drawn(model, N, 2)
    options = PTT.Options(chains=N, reservoir=2, sweeps=2, accept=1e-6, floor=0)
    sampler = PTT(options, KERNEL)
    checkpoint = Checkpoint(parameters_of(base), samples, None)
    state, noise = Trajectory.begun(checkpoint, chains), Noise(range(R), "x")
    for _ in range(4):
        found = sampler.negative_phase(model, None, state, noise)
        state = found.state
        assert found.restore is None
        for of, pool in ((model, state.chains), (base, state.reservoir)):
            p = oracle(exact.p_v, of)
            assert (total_variation(pool.v, p) < 4 * floor(p, pool.v.shape[1])).all()
            np.testing.assert_allclose(pool.F, free_energies(of, pool.v), rtol=1e-12)
    assert ((state.acceptance > 0.2) & (state.acceptance < 0.99)).all()
    assert (state.reservoir.v != samples.v).any(2).double().mean() > 0.3
    assert (state.frozen == 0).all()


@pytest.mark.parametrize("N", [7, 23])
def test_all_samples_of_a_group_are_met_alike_and_none_twice(N):
    rows, rounds = 5, 2000
    noise, met = Noise(range(R), "x"), torch.zeros(R, N, rows * N)
    group, _, size = groups(N, torch.device("cpu"))
    for _ in range(rounds):
        who = pairs(N, rows, noise)
        assert all(len(set(each.tolist())) == N for each in who.member)
        met.scatter_add_(2, who.member.unsqueeze(2), torch.ones(R, N, 1))
    together = group.unsqueeze(1) == group.repeat(rows)
    expected = rounds / (rows * size.double()).unsqueeze(1) * together
    assert ((met - expected).abs() <= 5 * expected.sqrt()).all()
    assert noise.advance(0) == rounds


def test_places_are_traded_swap_by_swap():
    N, rows = 11, 3
    here, there = (random_model(V, H, R, 0.7, "ab", seed) for seed in range(2))
    chains, v = random_spins(R, N, V), random_spins(R, rows * N, V, seed=1)
    reservoir = Pool(v, free_energies(there, v))
    met = meet(here, there, chains, reservoir, pairs(N, rows, Noise(range(R), "x")))
    after, pool, swapped = trade(reservoir, met)
    assert 0 < swapped.sum() < R * N
    for r in range(R):
        for n, member in enumerate(met.who.member[r].tolist()):
            x, y = chains[r, n], v[r, member]
            p, q = (oracle(exact.p_v, model)[r] for model in (here, there))
            i, j = row_of_state(x), row_of_state(y)
            ratio = p[j] * q[i] / (p[i] * q[j])
            np.testing.assert_allclose(met.log_ratio[r, n].exp(), ratio, rtol=1e-4)
            assert swapped[r, n] == (met.who.u[r, n] < ratio)
            mine, its = (y, x) if swapped[r, n] else (x, y)
            assert torch.equal(after[r, n], mine)
            assert torch.equal(pool.v[r, member], its)
    np.testing.assert_allclose(pool.F, free_energies(there, pool.v), rtol=1e-12)
    untouched = torch.ones(R, rows * N, dtype=torch.bool).scatter(1, met.who.member, False)
    assert torch.equal(pool.v[untouched], v[untouched])
