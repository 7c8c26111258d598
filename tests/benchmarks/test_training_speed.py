"""Two epochs of PCD-1 end to end, by ours and by other libraries' own training loops.

V=784, H=500, 2048 rows in batches of 128, 128 chains, SGD; nothing is measured on the way.
"""

from __future__ import annotations

import pytest
import torch

from ebmbench import Noise, Splits
from ebmbench.training.batches import Batching
from ebmbench.training.learner import Learner
from ebmbench.training.optimizer import Optimizer, OptimizerOptions
from ebmbench.training.replay import whole_update
from ebmbench.training.stopwatch import Stopwatch
from ebmbench.training.streams import Streams
from ebmbench.training.train import train
from ebmbench_cpu import NumbaKernel
from ebmbench_gibbs import PCD, RBM

V, H, ROWS, BATCH, EPOCHS, LR = 784, 500, 2048, 128, 2, 0.01
CPU, KERNEL = torch.device("cpu"), NumbaKernel(NumbaKernel.Options())


def ours(v):
    """The training loop of a run, without a metric."""

    def run():
        model = RBM(RBM.Options(hidden=H, bias=True), V, Noise([0], "init"))
        sampler = PCD(PCD.Options(k=1, chains=BATCH), KERNEL)
        optimizer = Optimizer(model, OptimizerOptions(name="sgd", lr=LR))
        data = Splits(v, v[:, :1], (28, 28), torch.zeros(V, dtype=torch.bool))
        streams, whole = Streams.of([0], "d", "m", CPU), whole_update(model, sampler, optimizer)
        learner = Learner(model, sampler, optimizer, data, streams, whole=whole)
        return train(learner, Batching(size=BATCH), EPOCHS, Stopwatch(CPU), lambda *_: True)

    return run


def scikit_learns(v):
    """``BernoulliRBM.fit``, which keeps as many chains as a batch has rows."""
    network = pytest.importorskip("sklearn.neural_network", reason="pip install scikit-learn")
    x = (v[0].numpy() + 1) / 2

    def run():
        options = {"learning_rate": LR, "batch_size": BATCH, "n_iter": EPOCHS, "random_state": 0}
        network.BernoulliRBM(n_components=H, **options).fit(x)

    return run


def rbmss(v):
    """``fit_batch_pcd`` of the ``rbms`` package, batch by batch, and torch's SGD."""
    pcd = pytest.importorskip("rbms.training.pcd", reason="pip install rbms")
    from rbms.bernoulli_bernoulli.classes import BBRBM

    x = (v[0] + 1) / 2

    def run():
        zeros = torch.zeros(V), torch.zeros(H)
        model = BBRBM(weight_matrix=0.01 * torch.randn(V, H), vbias=zeros[0], hbias=zeros[1])
        for parameter in model.parameters():
            parameter.grad = torch.zeros_like(parameter)  # it writes gradients in place
        optimizer = torch.optim.SGD(model.parameters(), lr=LR, maximize=True)
        chains = model.init_chains(BATCH)
        for _ in range(EPOCHS):
            order = torch.randperm(ROWS)
            for start in range(0, ROWS, BATCH):
                rows = x[order[start : start + BATCH]]
                batch = rows, torch.ones(len(rows), 1)
                optimizer.zero_grad(set_to_none=False)
                chains, _ = pcd.fit_batch_pcd(batch, chains, model, 1, 1.0, centered=False)
                optimizer.step()

    return run


@pytest.mark.parametrize("against", [scikit_learns, rbmss], ids=["scikit-learn", "rbms"])
def test_training(race, against):
    v = Noise([0], "data").coins(ROWS, V)
    name = "scikit-learn" if against is scikit_learns else "rbms"
    race(ours(v), {name: against(v)}, rounds=3)
