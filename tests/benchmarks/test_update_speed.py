"""A whole training update: data phase, negative phase and optimiser step."""

from __future__ import annotations

import plain
import pytest
import torch

from ebmbench import Chains, Moment, Noise, Particles, Splits
from ebmbench.training.learner import Learner
from ebmbench.training.optimizer import Optimizer, OptimizerOptions
from ebmbench.training.replay import whole_update
from ebmbench.training.stopwatch import Stopwatch
from ebmbench.training.streams import Streams
from ebmbench_cpu import NumbaKernel
from ebmbench_gibbs import CD, PCD, RBM
from ebmbench_rapid import PID, RARBM

KERNEL = NumbaKernel(NumbaKernel.Options())


def updates(model, sampler, batch, chains=None, **optimizer):
    """A function that makes one update of all replicas, as the training loop does."""
    streams = Streams.of(range(model.replicas), "data", "method", torch.device("cpu"))
    data = Splits(batch.v, batch.v, (1, model.visible), torch.zeros(model.visible).bool())
    step = Optimizer(model, OptimizerOptions(**optimizer))
    whole = whole_update(model, sampler, step)
    learner = Learner(model, sampler, step, data, streams, whole=whole)
    learner.state = chains or learner.state
    watch, when = Stopwatch(torch.device("cpu")), Moment(1, 1, False)

    def update():
        learner.take(batch, 1)
        learner.make(watch, when)

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
        ("CD-1, 16x16", 16, 16, 1, 16, None),
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
        rounds=50 if H == 16 else 5,
    )


def test_trained_chains(race):
    """PCD-10 late in a training: by Hebb's rule, and 300 steps of all chains from random starts."""
    noise = Noise([0], "learn")
    bars = noise.coins(10, 4).repeat_interleave(4, dim=2)  # 4x4 images whose rows are alike
    model = RBM(RBM.Options(hidden=1000, init_std=0.01), 16, Noise([0], "init"))
    with torch.no_grad():
        model.W += 0.012 * bars.mT @ noise.coins(10, 1000)
    sampler = PCD(PCD.Options(k=10, chains=2048), KERNEL)
    chains = KERNEL.run_chains(model, Chains(noise.coins(2048, 16)), 300, 1.0, noise)
    ours = updates(model, sampler, Particles(bars[:, :1]), chains, name="adam", lr=1e-6)
    rival = of_plain_torch(plain.chain_update, model, bars[0, :1], chains.v[0], 10)
    race(ours, {"plain torch": rival}, rounds=9)


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


def test_rapid_of_mnist(race):
    """Clipped patterns, chains from the patterns as they are; the rival goes by factors."""
    options = RARBM.Options(hidden=3000, patterns=190, binarize={"rule": "clip", "every": "update"})
    model = RARBM(options, 784, Noise([0], "init"))
    with torch.no_grad():
        for xi in model.parameters():
            xi.mul_(0.7)
    v = Noise([0], "data").coins(1000, 784)
    sampler = PID(PID.Options(k=10, start="continuous"), KERNEL)
    ours = updates(model, sampler, Particles(v), name="sgd", lr=1e-6)
    patterns = [xi[0].detach().clone() for xi in model.parameters()]
    rival = {"plain torch, by factors": lambda: plain.chain_rapid_update(*patterns, v[0], 10, 1e-6)}
    race(ours, rival, rounds=5, threads=1)
