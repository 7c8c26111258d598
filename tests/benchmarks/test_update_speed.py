"""A whole training update: data phase, negative phase and optimiser step."""

from __future__ import annotations

import plain
import pytest
import torch

from ebmbench import Noise, Particles
from ebmbench.training.optimizer import Optimizer, OptimizerOptions
from ebmbench_cpu import NumbaKernel
from ebmbench_gibbs import CD, PCD, RBM
from ebmbench_rapid import PID, RARBM

KERNEL = NumbaKernel(NumbaKernel.Options())


def updates(model, sampler, batch, **optimizer):
    """A function that makes one update of all replicas, as the training loop does."""
    noise = Noise(range(model.replicas), "x")
    step = Optimizer(model, OptimizerOptions(**optimizer)).step
    state = sampler.start(model, None, noise)

    def update():
        nonlocal state
        positive = model.phase(batch)
        negative, state, _ = sampler.negative_phase(model, batch, state, noise)
        step(positive, negative, 1)

    return update


def of_plain_torch(update, model, batch, chains, k):
    """The same update by a function of ``plain``."""
    W = model.W[0].detach().clone()
    if update is plain.published_chain_update:
        W = W.T.contiguous()
    optimizer = torch.optim.Adam([W], lr=0.001)

    def run():
        nonlocal chains
        chains = update(W, batch, chains, k, optimizer)

    return run


@pytest.mark.parametrize(
    ("name", "V", "H", "k", "rows", "chains"),
    [
        ("PCD-10, 2048 chains", 16, 1000, 10, 1, 2048),
        ("PCD-1, 2048 chains", 784, 500, 1, 128, 2048),
        ("CD-1, batch 128", 784, 500, 1, 128, None),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_chains(race, name, V, H, k, rows, chains):
    model = RBM(RBM.Options(hidden=H), V, Noise([0], "init"))
    v = Noise([0], "data").coins(rows, V)
    options = {"k": k} if chains is None else {"k": k, "chains": chains}
    sampler = CD if chains is None else PCD
    ours = updates(
        model, sampler(sampler.Options(**options), KERNEL), Particles(v), name="adam", lr=0.001
    )
    start = v[0] if chains is None else Noise([0], "chains").coins(chains, V)[0]
    race(
        ours,
        {
            "plain torch": of_plain_torch(plain.chain_update, model, v[0], start, k),
            "published": of_plain_torch(plain.published_chain_update, model, v[0], start, k),
        },
        rounds=5,
    )


@pytest.mark.parametrize("R", [1, 100])
def test_rapid(race, R):
    """V=16, H=1000, K=8, batch 3; the rivals train one replica."""
    model = RARBM(RARBM.Options(hidden=1000, patterns=8), 16, Noise(range(R), "init"))
    v = Noise(range(R), "data").coins(3, 16)
    ours = updates(model, PID(PID.Options(), None), Particles(v), name="sgd", lr=0.02)
    patterns = [xi[0].detach().clone() for xi in model.parameters()]
    race(
        ours,
        {
            "thin products": lambda: plain.thin_rapid_update(*patterns, v[0], 0.02),
            "published": lambda: plain.published_rapid_update(*patterns, v[0], 0.02),
        },
        rounds=50,
        per=R,
    )
