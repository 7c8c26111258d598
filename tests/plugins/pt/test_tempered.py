"""Rungs: their free energies, and sweeps that leave each one's distribution unchanged."""

import numpy as np
import pytest
import torch
from tempering import drawn, ladder, log_z_at, p_at

from ebmbench import Chains, Noise
from ebmbench.interfaces.kernel import Sweeper
from ebmbench_cpu import NumbaKernel
from ebmbench_gibbs import TorchKernel
from ebmbench_pt.tempered import Tempered
from ebmbench_rapid import RARBM
from support import exact
from support.no_drift import assert_frequencies
from support.two_layer import random_model, random_spins, row_of_state

R, V, H, T, N = 2, 5, 3, 4, 7
KERNELS = [TorchKernel(TorchKernel.Options()), NumbaKernel(NumbaKernel.Options())]
SWEEPER = Sweeper(KERNELS[0])
A0 = torch.tensor([[0.3, -0.7, 0.0, 1.1, 0.4], [0.2, 0.5, -0.9, 0.1, -0.2]])
either_base = pytest.mark.parametrize("a0", [A0, None], ids=["data", "uniform"])


def fields(a0):
    return torch.zeros(R, V) if a0 is None else a0


@either_base
@pytest.mark.parametrize("biases", ["", "a", "ab"])
def test_free_energies_are_those_by_enumeration_of_the_hidden_units(a0, biases):
    model, betas = random_model(V, H, R, biases=biases), ladder(R, T)
    every = torch.from_numpy(exact.states(V)).float().expand(R, -1, -1)
    v = every.repeat(1, T, 1)
    found = Tempered(model, SWEEPER, a0).free_energies(v, betas.unsqueeze(2))[:, :, 0]
    for r in range(R):
        for t in range(T):
            beta = betas[r, t].item()
            expected = np.log(p_at(model, fields(a0), beta, r))
            expected += log_z_at(model, fields(a0), beta, r)
            np.testing.assert_allclose(-found[r, t].numpy(), expected, atol=1e-5)


@either_base
def test_a_rungs_free_energies_are_asked_for_at_temperatures_of_its_own(a0):
    model, v, betas = random_model(V, H, R, biases="ab"), random_spins(R, T * N, V), ladder(R, T)
    tempered = Tempered(model, SWEEPER, a0)
    both = tempered.free_energies(v, torch.stack([betas, betas.flip(1)], 2))
    assert both.shape == (R, T, 2, N)
    assert torch.equal(both[:, :, 0], tempered.free_energies(v, betas.unsqueeze(2))[:, :, 0])
    assert torch.equal(
        both[:, :, 1], tempered.free_energies(v, betas.flip(1).unsqueeze(2))[:, :, 0]
    )


@either_base
@pytest.mark.parametrize("kernel", KERNELS, ids=lambda kernel: kernel.name)
@pytest.mark.parametrize("k", [1, 4])
def test_a_sweep_leaves_each_rungs_distribution_unchanged(a0, kernel, k):
    model, betas, chains = random_model(V, H, R, biases="ab"), ladder(R, T), 20_000
    v = drawn(model, fields(a0), betas, chains)
    after = Tempered(model, Sweeper(kernel), a0).sweep(v, betas, k, Noise(range(R), "sweep"))
    rows = row_of_state(after).reshape(R, T, chains)
    for r in range(R):
        for t in range(T):
            assert_frequencies(rows[r, t], p_at(model, fields(a0), betas[r, t].item(), r))
    assert (after != v).any(-1).double().mean() > 0.5


@either_base
def test_a_step_at_beta_0_forgets_all_and_draws_from_the_base(a0):
    model, chains = random_model(V, H, R, scale=3.0, biases="ab"), 20_000
    v = torch.ones(R, 2 * chains, V)
    after = Tempered(model, SWEEPER, a0).sweep(v, ladder(R, 2), 1, Noise(range(R), "sweep"))
    for r in range(R):
        rows = row_of_state(after[r, :chains])
        assert_frequencies(rows, p_at(model, fields(a0), 0.0, r))


def test_the_last_rung_is_the_model_itself_to_the_last_bit():
    """The spins of its couplings as they are, from the streams of the last part."""
    model, v = random_model(37, 41, R, scale=0.3, biases="ab"), random_spins(R, T * N, 37)
    a0, noise = 0.3 * torch.ones(R, 37), Noise(range(R), "sweep")
    after = Tempered(model, SWEEPER, a0).sweep(v, ladder(R, T), 3, noise)
    last = Noise(range(R), "sweep")
    last.keys = last.split(T).keys[T - 1 :: T]
    expected = KERNELS[0].sweep(model, Chains(v[:, -N:]), 3, 1.0, last).v
    assert torch.equal(after[:, -N:], expected)
    assert noise.step == last.step == 6


def test_rungs_of_fair_coins_are_swept_at_a_temperature_for_each_chain():
    model, v = random_model(37, 41, R, scale=0.3, biases="ab"), random_spins(R, T * N, 37)
    betas = ladder(R, T) ** torch.tensor([[1.0], [2.0]])
    after = Tempered(model, SWEEPER, None).sweep(v, betas, 3, Noise(range(R), "sweep"))
    for r in range(R):
        for t in range(T):
            beta, rows = betas[r, t].item(), slice(t * N, (t + 1) * N)
            plain = KERNELS[0].sweep(model, Chains(v), 3, beta, Noise(range(R), "sweep")).v
            assert torch.equal(after[r, rows], plain[r, rows])


@either_base
def test_kernels_give_the_same_spins(a0):
    model, v = random_model(V, H, R, biases="ab"), random_spins(R, T * N, V)
    one, other = (
        Tempered(model, Sweeper(kernel), a0).sweep(v, ladder(R, T), 3, Noise(range(R), "x"))
        for kernel in KERNELS
    )
    assert torch.equal(one, other)


@either_base
def test_models_of_patterns_have_rungs_too(a0):
    model = RARBM(RARBM.Options(hidden=H, patterns=3), V, Noise(range(R), "init"))
    betas, chains = ladder(R, T), 20_000
    v = drawn(model, fields(a0), betas, chains)
    after = Tempered(model, SWEEPER, a0).sweep(v, betas, 2, Noise(range(R), "sweep"))
    rows = row_of_state(after).reshape(R, T, chains)
    for r in range(R):
        for t in range(T):
            assert_frequencies(rows[r, t], p_at(model, fields(a0), betas[r, t].item(), r))


@either_base
def test_stepping_stones_lead_from_the_bases_log_z_to_the_models(a0):
    """log Z = log Z_base + sum_t log <exp(F_t - F_t+1)>_t, from chains of all rungs."""
    rungs, chains = 8, 20_000
    model, betas = random_model(V, H, R, biases="ab"), ladder(R, rungs)
    v = drawn(model, fields(a0), betas, chains)
    above = torch.cat([betas[:, 1:], betas[:, -1:]], 1)
    F = Tempered(model, SWEEPER, a0).free_energies(v, torch.stack([betas, above], 2))
    w = torch.exp(F[:, :-1, 0] - F[:, :-1, 1])  # (R, T - 1, N)
    base = torch.log(2 * torch.cosh(fields(a0).double())).sum(1) + H * np.log(2)
    log_z = base + w.mean(2).log().sum(1)
    error = ((w.std(2) / w.mean(2)).square() / chains).sum(1).sqrt()
    expected = torch.tensor([log_z_at(model, fields(a0), 1.0, r) for r in range(R)])
    assert ((log_z - expected).abs() < 4 * error).all()
    assert (error < 0.02).all()
