"""The no-drift test: chains drawn exactly from p stay distributed as p, however slow they mix.

It does not depend on mixing, where a test that waits for equilibrium would fail correct kernels at
strong weights (as in RestrictedBoltzmannMachines.jl).
"""

import numpy as np
import torch
from scipy import stats

from support import exact
from support.two_layer import numbers, row_of_state

CHAINS = 40_000


def drawn_exactly(model, seed=0):
    """CHAINS visible states of each replica drawn from p(v), (R, CHAINS, V) float32."""
    rng = np.random.default_rng(seed)
    states = exact.states(model.visible)
    rows = [
        rng.choice(len(states), CHAINS, p=exact.p_v(*numbers(model, r)))
        for r in range(model.replicas)
    ]
    return torch.from_numpy(states[np.stack(rows)]).float()


def assert_distributed_as(model, v):
    """Chi-square of the visible states ``v`` (R, N, V) against p(v), for each replica."""
    rows = row_of_state(v)
    for r in range(model.replicas):
        p = exact.p_v(*numbers(model, r))
        assert_frequencies(rows[r], p)


def assert_frequencies(rows, p):
    """Chi-square of states against probabilities; rare states are pooled."""
    counts, expected = np.bincount(rows, minlength=len(p)), p * len(rows)
    common = expected >= 5
    counts = np.append(counts[common], counts[~common].sum())
    expected = np.append(expected[common], expected[~common].sum())
    kept = expected > 1e-9
    assert counts[~kept].sum() == 0
    assert stats.chisquare(counts[kept], expected[kept], sum_check=False).pvalue > 1e-4
