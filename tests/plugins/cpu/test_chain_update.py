"""CD and PCD updates in one go: the chains of sweeps, and phases on integers."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from ebmbench import Model, Moment, Noise, Particles, Splits
from ebmbench.numerics.threads import at_most
from ebmbench.training.batches import Batching, batches
from ebmbench.training.learner import Learner
from ebmbench.training.optimizer import Optimizer, OptimizerOptions
from ebmbench.training.replay import whole_update
from ebmbench.training.stopwatch import Stopwatch
from ebmbench.training.streams import Streams
from ebmbench_cpu import NumbaKernel, chain_update
from ebmbench_cpu.chain_stages import (
    Draws,
    Packed,
    Rows,
    find_phase,
    find_sizes,
    pack_part,
    pack_part_of_rows,
)
from ebmbench_cpu.integer_phase import BLOCK
from ebmbench_cpu.prepared import Memory
from ebmbench_gibbs import CD, PCD, RBM
from support.kernels import ra_rbm, rbm

KERNEL, CPU = NumbaKernel(NumbaKernel.Options()), torch.device("cpu")
V, H, N = 45, 70, 30
SGD = {"name": "sgd", "lr": 0.1, "momentum": 0.5}
SAMPLERS = {
    "CD-1": (CD, {"k": 1}),
    "CD-3": (CD, {"k": 3}),
    "PCD-2": (PCD, {"k": 2, "chains": BLOCK + 50}),
}


@pytest.mark.parametrize("rows", [1, 16, 130, BLOCK, 2 * BLOCK + 33])
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize(("V", "H"), [(45, 70), (33, 33), (96, 64)])
def test_a_phase_is_the_gradient_of_the_mean_free_energy(rows, bias, V, H):
    model, v = rbm(2, V, H, bias), Noise(range(2), "v").coins(rows, V)
    found = phase_of(model, v)
    expected = Model.phase(model.double(), Particles(v.double()))
    for mine, theirs in zip(found, expected, strict=False):
        assert np.abs(mine.reshape(theirs.shape) - theirs.numpy()).max() < 5e-6


def phase_of(model, v):
    """The data phase, by the stages of an update."""
    (W, a, b), (R, N, V) = model.couplings(), v.shape
    biases = (torch.zeros(R, V), torch.zeros(R, W.shape[2])) if a is None else (a, b)
    arrays = tuple(each.detach().numpy() for each in (W, *biases))
    data, none = Rows.of(v.numpy(), 1 / N, W.shape[2]), np.zeros((R, 0, 0, BLOCK, 8), np.uint8)
    sizes = np.zeros((R, V)), np.zeros((1, R, W.shape[2])), np.zeros((1, R))
    packed = Packed(*Memory().packed(*W.shape), *sizes)
    draws, odds = Draws(np.zeros(R, np.uint64), 0, 1, True), np.zeros((R, N), np.float32)
    find_sizes(0, 1, arrays[0], packed)
    step = pack_part(0, 1, arrays, packed)
    pack_part_of_rows(0, 1, data, True)
    find_phase(0, 1, data, packed, step, draws, odds, none, np.zeros(2))
    return data.phase


def trained(seeds, sampler, batching, *, whole, threads=1, bias=True, optimizer=SGD, epochs=2):
    """The model, its chains and the streams after some epochs."""
    model = RBM(RBM.Options(hidden=H, init_std=0.1, bias=bias), V, Noise(seeds, "init"))
    sampler_of, options = SAMPLERS[sampler]
    sampler = sampler_of(sampler_of.Options(**options), KERNEL)
    optimizer = Optimizer(model, OptimizerOptions(**optimizer))
    v = Noise(seeds, "data").coins(N, V)
    data = Splits(v, v, (1, V), torch.zeros(V, dtype=torch.bool))
    streams = Streams.of(seeds, "data", "method", CPU)
    made = whole_update(model, sampler, optimizer) if whole else None
    assert not whole or made is not None
    parts = (model, sampler, optimizer, data, streams)
    learner = Learner(*parts, unlearning=batching.unlearning, whole=made)
    watch = Stopwatch(CPU)
    with at_most(threads):
        for epoch in range(1, epochs + 1):
            for index, batch in enumerate(batches(v, batching, streams.order)):
                learner.take(batch, epoch)
                learner.make(watch, Moment(epoch, index + 1, False))
    assert not whole or all(sum(laps) > 0 for laps in watch.laps.values())
    return model, learner.state, [stream.step for stream in streams]


WAYS = [
    Batching(size=N),
    Batching(size=20),
    Batching(size=20, last="fixed"),
    Batching(size=N, unlearning=0.25),
]


@pytest.mark.parametrize("sampler", SAMPLERS)
@pytest.mark.parametrize("batching", WAYS, ids=["whole", "mean", "fixed", "unlearning"])
@pytest.mark.parametrize("bias", [True, False])
def test_it_goes_where_phase_by_phase_does_up_to_rounding(sampler, batching, bias):
    ways = [
        trained(range(2), sampler, batching, whole=whole, bias=bias, epochs=1)
        for whole in (True, False)
    ]
    (mine, my_chains, my_steps), (theirs, chains, steps) = ways
    for one, other in zip(mine.parameters(), theirs.parameters(), strict=True):
        assert torch.allclose(one, other, atol=1e-6)
    assert my_steps == steps
    if chains is not None:
        assert torch.equal(my_chains.v, chains.v)


def test_parameters_may_decay_each_in_its_own_way():
    options = {"optimizer": {**SGD, "weight_decay": {"W": 0.3, "b": 0.1}}, "epochs": 1}
    mine, *_ = trained(range(2), "CD-1", WAYS[0], whole=True, **options)
    theirs, *_ = trained(range(2), "CD-1", WAYS[0], whole=False, **options)
    without, *_ = trained(range(2), "CD-1", WAYS[0], whole=False, epochs=1)
    for one, other in zip(mine.parameters(), theirs.parameters(), strict=True):
        assert torch.allclose(one, other, atol=1e-6)
    assert not torch.allclose(mine.W, without.W, atol=1e-4)


@pytest.mark.parametrize("sampler", SAMPLERS)
@pytest.mark.parametrize("optimizer", [SGD, {"name": "adam", "lr": 0.01}])
def test_neither_threads_nor_replicas_change_a_bit(sampler, optimizer, monkeypatch):
    counts = []
    part = chain_update.make_part.compiled

    def seen(index, count, *arguments):
        counts.append(count)
        return part(index, count, *arguments)

    monkeypatch.setattr(chain_update, "make_part", SimpleNamespace(compiled=seen))
    monkeypatch.setattr(chain_update, "WORK", 1)  # such small updates too are shared out
    block, *_ = trained(range(4), sampler, WAYS[1], whole=True, optimizer=optimizer)
    for threads in (1, 2, 3):
        alone, *_ = trained([2], sampler, WAYS[1], whole=True, threads=threads, optimizer=optimizer)
        for one, all_of_them in zip(alone.parameters(), block.parameters(), strict=True):
            assert torch.equal(one, all_of_them[2:3])
    assert {*counts} == {1, 2, 3}


def test_batches_that_are_no_spins_or_weighted_otherwise_go_phase_by_phase():
    model = rbm(1, V, H)
    sampler = CD(CD.Options(), KERNEL)
    made = whole_update(model, sampler, Optimizer(model, OptimizerOptions(**SGD)))
    v = Noise([0], "v").coins(3, V)
    assert made.fits(Particles(v))
    assert made.fits(Particles(v, log_weight=torch.zeros(1, 3)))
    assert not made.fits(Particles(v, log_weight=torch.arange(3.0).unsqueeze(0)))
    assert not made.fits(Particles(0.5 * v))
    assert not made.fits(Particles(v, Noise([0], "h").coins(3, H)))


def test_models_of_few_hidden_units_or_other_parameters_have_none():
    for model in (rbm(1, V, 32), ra_rbm(1, V, H)):
        optimizer = Optimizer(model, OptimizerOptions(**SGD))
        assert whole_update(model, CD(CD.Options(), KERNEL), optimizer) is None


class Own(CD):
    """A sampler of somebody else's, whose particles may be other ones."""


def test_a_sampler_that_is_made_of_cd_is_asked_for_its_particles():
    model = rbm(1, V, H)
    optimizer = Optimizer(model, OptimizerOptions(**SGD))
    assert whole_update(model, Own(Own.Options(), KERNEL), optimizer) is None
