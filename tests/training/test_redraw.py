"""Training rows that are drawn anew for each epoch: who sees them, and when."""

import pytest
import torch
from torch import nn

from ebmbench import Model, NegativePhase, Noise, Sampler
from ebmbench.plan.peak_memory import Rows
from ebmbench.running.blocks.block import Block
from ebmbench.running.blocks.run_block import train_block
from ebmbench.training.batches import Batching
from ebmbench.training.learner import Learner
from ebmbench.training.optimizer import Optimizer, OptimizerOptions
from ebmbench.training.stopwatch import Stopwatch
from ebmbench.training.streams import Streams
from ebmbench.training.train import train
from support.suites import SMALL, plan
from support.two_layer import random_spins, splits_of

R, N, V = 2, 7, 3
CPU = torch.device("cpu")


class Seeing(Model):
    """A model that keeps the batches it is shown."""

    name = "seeing"

    def __init__(self):
        super().__init__(self.Options(), V, Noise(range(R), "x"))
        self.w = nn.Parameter(torch.zeros(R, V))
        self.seen = []

    def free_energy(self, v):
        return v.sum(-1)

    def phase(self, particles):
        self.seen.append(particles.v)
        return (torch.zeros(R, V),)


class Still(Sampler):
    """A sampler that leaves the model as it is, and keeps the data it is started with."""

    name = "still"

    def start(self, model, data, noise):
        self.started_with = data.train

    def negative_phase(self, model, batch, state, noise):
        return NegativePhase((torch.zeros(R, V),), state, None)


def epochs_of(redraw, epochs=3, method="m"):
    """The rows of each epoch, in the order of the data at the start."""
    data = splits_of(random_spins(R, N, V), random_spins(R, 1, V))._replace(redraw=redraw)
    model, sampler = Seeing(), Still(Still.Options(), None)
    optimizer = Optimizer(model, OptimizerOptions(name="sgd", lr=0.5))
    streams = Streams.of(range(R), "data", method, CPU)
    learner = Learner(model, sampler, optimizer, data, streams)
    train(learner, Batching(size=N), epochs, Stopwatch(CPU), lambda *_: True)
    assert torch.equal(sampler.started_with, data.train)
    return [sorted_rows(v) for v in model.seen], sorted_rows(data.train)


def sorted_rows(v):
    return [sorted(replica) for replica in v.tolist()]


def coins(noise):
    return noise.coins(N, V)


def test_rows_without_a_redraw_are_the_same_in_each_epoch():
    epochs, data = epochs_of(None)
    assert epochs == [data] * 3


def test_each_epoch_trains_on_rows_of_its_own():
    epochs, data = epochs_of(coins)
    drawn = Noise(range(R), "redraw", "data")
    assert epochs == [sorted_rows(coins(drawn)) for _ in range(3)]
    assert all(one != other for one, other in zip(epochs, [data, *epochs], strict=False))


def test_all_methods_train_on_the_same_rows():
    assert epochs_of(coins, method="A") == epochs_of(coins, method="B")


def test_the_first_replica_of_a_dataset_keeps_its_redraw():
    data = splits_of(random_spins(R, N, V), random_spins(R, 1, V))
    first = data._replace(redraw=coins).first_replica()
    assert first.rows_of_epoch(Noise([0], "x")).shape == (1, N, V)
    assert torch.equal(data.first_replica().rows_of_epoch(Noise([0], "x")), data.train[:1])


def test_an_epochs_rows_are_held_beside_the_first_ones():
    data = splits_of(random_spins(N, V).expand(R, -1, -1), random_spins(R, 5, V))
    assert Rows.of(data) == (4 * N * V, 4 * 5 * V)
    assert Rows.of(data._replace(redraw=coins)) == (4 * N * V, 4 * (5 + N) * V)


SUITE = SMALL.replace(
    "{name: bars, size: 3}",
    "{name: digits, labels: [0, 1], train: 31, test: 13, "
    "binarize: {rule: bernoulli, every: epoch}}",
).replace("seeds: 3", "seeds: 5")


@pytest.mark.parametrize("method", ["RAPID", "CD-2"])
def test_a_seed_alone_draws_what_it_draws_in_a_block(method, tmp_path):
    cells = plan(tmp_path, SUITE, only=(method,)).cells
    together, alone = trained(cells), trained(cells[3:4])
    for one, other in zip(together, alone, strict=True):
        assert torch.equal(one[3], other[0])


def test_drawing_anew_leads_elsewhere(tmp_path):
    once = SUITE.replace("every: epoch", "every: once")
    found = [trained(plan(tmp_path, text, only=("CD-2",)).cells) for text in (SUITE, once)]
    assert any(not torch.equal(one, other) for one, other in zip(*found, strict=True))


def trained(cells):
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    outcome = train_block(Block(cells), lambda *_: None)
    torch.set_num_threads(threads)
    return [parameter.detach() for parameter in outcome.built.model.parameters()]
