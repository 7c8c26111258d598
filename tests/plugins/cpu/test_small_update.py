"""CD and PCD updates of few visible units in one compiled call: as phase by phase, bit for bit."""

import pytest
import torch

from ebmbench import Moment, Noise, Particles, Splits
from ebmbench.numerics.threads import at_most
from ebmbench.training.batches import Batching, batches
from ebmbench.training.learner import Learner
from ebmbench.training.optimizer import Optimizer, OptimizerOptions
from ebmbench.training.replay import whole_update
from ebmbench.training.stopwatch import Stopwatch
from ebmbench.training.streams import Streams
from ebmbench_cpu import NumbaKernel
from ebmbench_cpu.small_update import SmallChainUpdate
from ebmbench_gibbs import CD, PCD, RBM
from support.kernels import rbm

KERNEL, CPU, N = NumbaKernel(NumbaKernel.Options()), torch.device("cpu"), 11
SGD = {"name": "sgd", "lr": 0.1, "momentum": 0.5}
ADAM = {"name": "adam", "lr": 0.01, "bias_correction": "epoch"}
DECAYING = {"name": "sgd", "lr": 0.1, "weight_decay": {"W": 0.3, "b": 0.1}}
SAMPLERS = {
    "CD-1": (CD, {"k": 1}),
    "CD-3": (CD, {"k": 3}),
    "PCD-2": (PCD, {"k": 2, "chains": 600}),
}
WAYS = [Batching(size=4), Batching(size=4, last="fixed"), Batching(size=4, unlearning=0.25)]
SIZES = [(16, 16), (13, 101), (32, 33), (1, 300)]


def trained(seeds, sampler, batching, *, whole, size=(13, 101), bias=True, optimizer=SGD):
    """The model, its chains and the streams after two epochs."""
    V, H = size
    model = RBM(RBM.Options(hidden=H, init_std=0.3, bias=bias), V, Noise(seeds, "init"))
    sampler_of, options = SAMPLERS[sampler]
    sampler = sampler_of(sampler_of.Options(**options), KERNEL)
    optimizer = Optimizer(model, OptimizerOptions(**optimizer))
    v = Noise(seeds, "data").coins(N, V)
    data = Splits(v, v, (1, V), torch.zeros(V, dtype=torch.bool))
    streams = Streams.of(seeds, "data", "method", CPU)
    made = whole_update(model, sampler, optimizer) if whole else None
    learner = Learner(
        model, sampler, optimizer, data, streams, unlearning=batching.unlearning, whole=made
    )
    watch = Stopwatch(CPU)
    for epoch in (1, 2):
        for index, batch in enumerate(batches(v, batching, streams.order)):
            assert not whole or made.fits(batch)
            learner.take(batch, epoch)
            learner.make(watch, Moment(epoch, index + 1, False))
    assert all(sum(laps) > 0 for laps in watch.laps.values())
    return model, learner.state, [stream.step for stream in streams]


@pytest.mark.parametrize("sampler", SAMPLERS)
@pytest.mark.parametrize("batching", WAYS, ids=["mean", "fixed", "unlearning"])
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("optimizer", [SGD, ADAM], ids=["sgd", "adam"])
@pytest.mark.parametrize("size", SIZES)
def test_it_ends_where_phase_by_phase_does(sampler, batching, bias, optimizer, size):
    options = {"size": size, "bias": bias, "optimizer": optimizer}
    with at_most(2):
        mine, my_chains, my_steps = trained(range(3), sampler, batching, whole=True, **options)
        theirs, chains, steps = trained(range(3), sampler, batching, whole=False, **options)
    for one, other in zip(mine.parameters(), theirs.parameters(), strict=True):
        assert torch.equal(one, other)
    assert my_steps == steps
    if chains is not None:
        assert torch.equal(my_chains.v, chains.v)


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_a_replica_alone_ends_where_it_does_in_a_block(sampler):
    with at_most(1):
        block, *_ = trained(range(4), sampler, WAYS[0], whole=True)
        alone, *_ = trained([2], sampler, WAYS[0], whole=True)
    for one, all_of_them in zip(alone.parameters(), block.parameters(), strict=True):
        assert torch.equal(one, all_of_them[2:3])


@pytest.mark.parametrize("optimizer", [DECAYING, {**ADAM, "weight_decay": {"W": 0.3, "a": 0.1}}])
def test_parameters_may_decay_each_in_its_own_way(optimizer):
    (mine, *_), (theirs, *_), (plain, *_) = (
        trained(range(3), "CD-1", WAYS[0], whole=whole, optimizer=options)
        for whole, options in ((True, optimizer), (False, optimizer), (True, SGD))
    )
    for one, other, without in zip(*(m.parameters() for m in (mine, theirs, plain)), strict=True):
        assert torch.equal(one, other)
        assert not torch.equal(one, without)


def made_for(model):
    sampler = CD(CD.Options(k=10), KERNEL)
    return whole_update(model, sampler, Optimizer(model, OptimizerOptions(**SGD)))


def test_where_threads_would_wait_for_one_replica_they_share_its_rows():
    made, many = made_for(rbm(1, 16, 1000)), Particles(Noise([0], "v").coins(500, 16))
    with at_most(1):
        assert made.fits(many)
    with at_most(2):
        assert not made.fits(many)


def test_chains_that_go_on_are_rows_too():
    model = rbm(1, 16, 1000)
    sampler = PCD(PCD.Options(k=10, chains=2048), KERNEL)
    made = whole_update(model, sampler, Optimizer(model, OptimizerOptions(**SGD)))
    one = Particles(Noise([0], "v").coins(1, 16))
    with at_most(1):
        assert made.fits(one)
    with at_most(2):
        assert not made.fits(one)


def test_it_is_for_spins_and_few_visible_units():
    made, v = made_for(rbm(1, 16, 20)), Noise([0], "v").coins(3, 16)
    assert isinstance(made, SmallChainUpdate)
    assert made.fits(Particles(v))
    assert not made.fits(Particles(0.5 * v))
    assert not isinstance(made_for(rbm(1, 33, 40)), SmallChainUpdate)


class Doubled(RBM):
    """A model of somebody else's, whose phase is another."""

    def phase(self, particles):
        return tuple(2 * part for part in super().phase(particles))


def test_a_model_that_is_made_of_an_rbm_is_asked_for_its_phase():
    model = Doubled(Doubled.Options(hidden=20), 16, Noise([0], "init"))
    assert made_for(model) is None


def test_so_is_a_sampler_whose_particles_were_changed(monkeypatch):
    model = rbm(1, 16, 20)
    assert made_for(model) is not None
    monkeypatch.setattr(CD, "particles", PCD.particles)
    assert made_for(model) is None
