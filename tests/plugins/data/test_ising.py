"""The square Ising model: its law by enumeration, and draws that follow it."""

from functools import cache
from itertools import product

import numpy as np
import pytest
import torch
from scipy.stats import chisquare

from ebmbench import Noise
from ebmbench_data.ising import Ising
from ebmbench_data.ising_clusters import cluster_snapshots, update
from ebmbench_data.ising_law import entropy, log_z, mean_energy
from ebmbench_data.ising_transfer import independent_snapshots, transfer_powers

CRITICAL = float(np.log1p(np.sqrt(2)) / 2)
BETAS = (0.0, 0.2, CRITICAL, 1.3)
DRAWS = 100_000


def energies(squares):
    """-sum over neighbours, (..., n, n) -> (...)."""
    return -sum((squares * np.roll(squares, 1, axis)).sum((-1, -2)) for axis in (-1, -2))


@cache
def states(size):
    """All squares, numbered by their bits."""
    codes = np.array(list(product([-1.0, 1.0], repeat=size * size)))
    return codes.reshape(-1, size, size)


def law(size, beta):
    weight = -beta * energies(states(size))
    log_z = np.logaddexp.reduce(weight)
    return np.exp(weight - log_z), log_z


def fit(v, size, beta):
    """p-value of a chi-square test of states against the law; rare ones are put together."""
    p, _ = law(size, beta)
    place = 2 ** np.arange(size * size - 1, -1, -1)
    index = ((v.reshape(len(v), -1).numpy() > 0) * place).sum(1)
    seen, expected = np.bincount(index, minlength=len(p)), p * len(v)
    rare = expected < 5
    seen = np.append(seen[~rare], seen[rare].sum())
    expected = np.append(expected[~rare], expected[rare].sum())
    return chisquare(seen[expected > 0], expected[expected > 0]).pvalue


@pytest.mark.parametrize("size", [3, 4])
@pytest.mark.parametrize("beta", BETAS)
def test_log_z_energy_and_entropy_are_those_of_all_states(size, beta):
    p, exact = law(size, beta)
    assert log_z(size, beta) == pytest.approx(exact, abs=1e-10)
    assert mean_energy(size, beta) == pytest.approx(p @ energies(states(size)), abs=1e-10)
    assert entropy(size, beta) == pytest.approx(-(p * np.log(p)).sum(), abs=1e-10)
    dataset = Ising(Ising.Options(size=size, beta=beta))
    assert (dataset.log_z(), dataset.entropy()) == (log_z(size, beta), entropy(size, beta))


@pytest.mark.parametrize("beta", BETAS)
def test_log_z_of_larger_squares_is_the_trace_of_the_transfer_matrix(beta):
    size = 7
    by_rows = np.log(np.trace(transfer_powers(size, beta)[size])) + 2 * size * size * beta
    assert log_z(size, beta) == pytest.approx(by_rows, abs=1e-9)


def test_a_large_critical_square_has_the_free_energy_of_an_endless_one():
    catalan = 0.915965594177219015
    onsager = np.log(2) / 2 + 2 * catalan / np.pi
    assert log_z(128, CRITICAL) / 128**2 == pytest.approx(onsager, abs=1e-4)
    assert mean_energy(128, CRITICAL) / 128**2 == pytest.approx(-np.sqrt(2), abs=0.01)


@pytest.mark.parametrize("beta", BETAS)
def test_independent_draws_follow_the_law(beta):
    v = independent_snapshots(3, beta, DRAWS, Noise([5], "data"))[0]
    assert fit(v, 3, beta) > 1e-5


def test_larger_draws_have_the_exact_energy_and_share_no_row_twice_in_a_row():
    size, beta = 8, 0.42
    v = independent_snapshots(size, beta, 2000, Noise([5], "data"))[0].float()
    found = energies(v.numpy().reshape(-1, size, size))
    error = found.std() / np.sqrt(len(found))
    assert abs(found.mean() - mean_energy(size, beta)) < 4 * error
    assert abs(np.corrcoef(found[1:], found[:-1])[0, 1]) < 4 / np.sqrt(len(found))


@pytest.mark.parametrize("beta", [0.2, CRITICAL, 1.3])
@pytest.mark.parametrize("updates", [1, 4])
def test_cluster_updates_leave_the_law_unchanged(beta, updates):
    start = independent_snapshots(3, beta, DRAWS, Noise([5], "data"))
    s = start.numpy().reshape(1, DRAWS, 3, 3).copy()
    noise = Noise([5], "updates")
    for _ in range(updates):
        update(s, beta, noise)
    assert fit(torch.from_numpy(s[0]), 3, beta) > 1e-5
    assert (s[0] != start[0].numpy().reshape(-1, 3, 3)).any((1, 2)).mean() > 0.4


@pytest.mark.parametrize("beta", [0.3, CRITICAL, 0.6])
def test_beyond_transfer_matrices_chains_come_to_the_exact_energy(beta):
    size, chains = 16, 64
    noise = Noise([2], "data")
    v = cluster_snapshots(size, beta, 4 * chains, chains, 200, 10, noise)[0].float().numpy()
    of_chains = energies(v.reshape(4, chains, size, size)).mean(0)
    error = of_chains.std(ddof=1) / np.sqrt(chains)
    assert abs(of_chains.mean() - mean_energy(size, beta)) < 4 * error


def load(seeds=(0, 1), **options):
    return Ising(Ising.Options(**options)).load(Noise(seeds, "data"))


@pytest.mark.parametrize("size", [4, 11])
def test_each_seed_draws_rows_of_its_own_whatever_the_others(size):
    options = {"size": size, "rows": 7, "test": 5, "chains": 3, "warm_up": 9, "between": 2}
    splits, alone = load(**options), load(seeds=(1,), **options)
    assert splits.train.shape == (2, 7, size * size)
    assert splits.test.shape == (2, 5, size * size)
    assert splits.image == (size, size)
    assert torch.equal(splits.train[1], alone.train[0])
    assert torch.equal(splits.test[1], alone.test[0])
    assert not torch.equal(splits.train[0], splits.train[1])
    assert not torch.equal(splits.train[:, :5], splits.test)


def test_there_are_as_many_test_rows_unless_told_otherwise():
    assert load(rows=11).test.shape[1] == 11
