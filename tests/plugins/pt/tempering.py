"""The oracle of tempering: p_beta of every rung by all states of v and h, and chains from it."""

from __future__ import annotations

import numpy as np
import torch

from ebmbench_pt.ladder import even_ladder
from support import exact
from support.two_layer import numbers


def numbers_at(model, a0, beta, r):
    """(W, a, b) of the joint energy -beta v'W h - ((1 - beta) a0 + beta a)'v - beta b'h."""
    W, a, b = numbers(model, r)
    return beta * W, (1 - beta) * a0[r].double().numpy() + beta * a, beta * b


def p_at(model, a0, beta, r):
    """p_beta(v), (2^V,)."""
    return exact.p_v(*numbers_at(model, a0, beta, r))


def log_z_at(model, a0, beta, r):
    """log of the sum over v and h of exp(-E_beta)."""
    return exact.log_z(*numbers_at(model, a0, beta, r))


def ladder(R, T):
    """Even rungs, (R, T)."""
    return even_ladder(T, torch.device("cpu")).expand(R, -1)


def drawn(model, a0, betas, N, seed=0):
    """N chains of each rung, drawn exactly, (R, T N, V)."""
    rng, states = np.random.default_rng(seed), exact.states(model.visible)
    rows = [
        np.concatenate(
            [rng.choice(len(states), N, p=p_at(model, a0, beta, r)) for beta in betas[r].tolist()]
        )
        for r in range(model.replicas)
    ]
    return torch.from_numpy(states[np.stack(rows)]).float()
