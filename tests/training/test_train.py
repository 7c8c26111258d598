"""The training loop: what is called when, with what, and what the clock sees."""

import time

import pytest
import torch
from torch import nn

from ebmbench import Model, NegativePhase, Noise, Sampler, Splits
from ebmbench.training.batches import Batching
from ebmbench.training.learner import Learner
from ebmbench.training.optimizer import Optimizer, OptimizerOptions
from ebmbench.training.standing import BEGINNING
from ebmbench.training.stopwatch import DATA, NEGATIVE, OPTIMIZER, STANDS_FOR, Stopwatch
from ebmbench.training.streams import Streams
from ebmbench.training.train import never, nothing, train

R, N, V = 2, 7, 3


class Slow(Model):
    """A model that notes when it is projected, and takes its time over a phase."""

    name = "slow"

    def __init__(self):
        super().__init__(self.Options(), V, Noise(range(R), "x"))
        self.w = nn.Parameter(torch.zeros(R, V))
        self.moments = []

    def free_energy(self, v):
        return -(v @ self.w.unsqueeze(-1)).squeeze(-1)

    def phase(self, particles):
        time.sleep(0.002)
        return (torch.full((R, V), 3.0),)

    def project(self, when, noise):
        self.moments.append(when)


class Counting(Sampler):
    """A sampler whose state counts its calls."""

    name = "counting"

    def start(self, model, data, noise):
        return 0

    def negative_phase(self, model, batch, state, noise):
        return NegativePhase((torch.full((R, V), 1.0),), state + 1, None)


class Rejecting(Counting):
    """Sends replica 1 back to where it began, at the third of its calls."""

    name = "rejecting"

    def negative_phase(self, model, batch, state, noise):
        found = super().negative_phase(model, batch, state, noise)
        back = (torch.full((R, V), 9.0),), torch.tensor([False, True])
        return found._replace(restore=back if found.state == 3 else None)


@pytest.fixture
def run():
    def go(
        epochs,
        evaluate=lambda *_: True,
        unlearning=0.0,
        is_last=never,
        kind=Counting,
        **options,
    ):
        model, watch = Slow(), Stopwatch(torch.device("cpu"))
        data = Splits(torch.ones(R, N, V), torch.ones(R, 1, V), (1, V), torch.zeros(V).bool())
        optimizer = Optimizer(model, OptimizerOptions(name="sgd", lr=0.5, **options))
        streams = Streams.of(range(R), "data", "method", torch.device("cpu"))
        sampler = kind(kind.Options(), None)
        learner = Learner(model, sampler, optimizer, data, streams, unlearning=unlearning)
        ends = (BEGINNING, nothing, is_last)
        updates = train(learner, Batching(size=3), epochs, watch, evaluate, *ends)
        return model, optimizer, watch, updates

    return go


def test_each_update_goes_down_data_less_negative_phase(run):
    model, _, _, updates = run(2)
    assert updates == 2 * 3
    assert torch.equal(model.w.detach(), torch.full((R, V), -updates * 0.5 * (3.0 - 1.0)))


def test_a_share_of_the_data_phase_is_left_out_and_of_the_negative_phase_none(run):
    model, _, _, updates = run(2, unlearning=0.25)
    expected = -updates * 0.5 * (0.75 * 3.0 - 1.0)
    assert torch.equal(model.w.detach(), torch.full((R, V), expected))


def test_a_replica_whose_update_is_rejected_goes_back_and_on_at_half_the_pace(run):
    """Its momentum is forgotten; the other replica does not notice."""
    model, *_ = run(2, kind=Rejecting, momentum=0.5)
    plain, *_ = run(2, momentum=0.5)
    assert torch.equal(model.w[0], plain.w[0])
    steps = [-0.5 * 2.0 * (1 + 0.5 + 0.25), -0.5 * 2.0 * (1 + 0.5), -0.5 * 2.0]
    assert torch.allclose(model.w[1], torch.full((V,), 9.0 + sum(steps) / 2))


def test_the_evaluator_sees_the_start_and_the_end_of_each_epoch(run):
    seen = []
    run(2, lambda *moment: seen.append(moment) or True)
    assert seen == [(0, 0, 0, False), (1, 3, 3, False), (2, 6, 6, True)]


def test_the_evaluator_can_stop_it(run):
    assert run(9, lambda epoch, *_: epoch < 2)[3] == 6
    assert run(9, lambda *_: False)[3] == 0


def test_projections_know_the_epochs_last_update(run):
    model, *_ = run(2)
    assert [(m.epoch, m.update, m.epoch_ends) for m in model.moments] == [
        (1, 1, False), (1, 2, False), (1, 3, True), (2, 4, False), (2, 5, False), (2, 6, True),
    ]  # fmt: skip


def test_the_learning_rate_decays_after_each_epoch(run):
    _, optimizer, *_ = run(3, decay=0.5)
    assert optimizer.torch.param_groups[0]["lr"] == 0.5 * 0.5**3


def test_the_clock_splits_an_update_and_leaves_evaluation_out(run):
    def slow_evaluator(*_):
        time.sleep(0.2)
        return True

    _, _, watch, updates = run(2, slow_evaluator)
    assert watch.seconds[DATA] >= updates * 0.002
    assert watch.seconds[NEGATIVE] < watch.seconds[DATA]
    assert watch.seconds[OPTIMIZER] > 0
    assert watch.total == pytest.approx(sum(watch.seconds.values()))
    assert watch.total < 0.6


def test_an_update_takes_its_median_time_however_long_one_of_them_waits(monkeypatch):
    now, worked = iter([0, 1, 10, 12, 20, 121]), iter([0, 1, 5, 7, 7, 8])
    monkeypatch.setattr(time, "perf_counter", lambda: next(now))
    monkeypatch.setattr(time, "process_time", lambda: next(worked))
    watch = Stopwatch(torch.device("cpu"))
    for _ in range(3):
        with watch(DATA):
            pass
    assert watch.typical == {DATA: 2, NEGATIVE: 0, OPTIMIZER: 0}
    assert watch.seconds[DATA] == watch.total == 104
    assert watch.cpu == 4


def test_of_short_laps_one_in_some_is_asked_how_many_cores_it_took(monkeypatch):
    asked, begun = [], []

    def now():
        begun.append(None)
        return 2.0**-12 * len(begun)

    def worked():
        asked.append(None)
        return 2.0**-11 * len(asked)

    monkeypatch.setattr(time, "perf_counter", now)
    monkeypatch.setattr(time, "process_time", worked)
    watch = Stopwatch(torch.device("cpu"))
    for _ in range(2 * (STANDS_FOR + 1)):
        with watch(DATA):
            pass
    assert len(asked) == 4
    assert watch.cpu == 2 * watch.total == 4 * (STANDS_FOR + 1) * 2.0**-12


def test_methods_share_the_data_of_an_epoch_and_its_order_and_nothing_else():
    one, other = (Streams.of([1], "data", m, torch.device("cpu")) for m in ("A", "B"))
    for shared in ("order", "redraw"):
        assert (getattr(one, shared).keys == getattr(other, shared).keys).all()
    keys = {int(noise.keys[0]) for streams in (one, other) for noise in streams}
    assert len(keys) == 2 * len(Streams._fields) - 2


def test_a_budget_that_is_spent_ends_the_training_and_its_epoch(run):
    seen = []
    model, _, _, updates = run(9, lambda *moment: seen.append(moment) or True, is_last=(5).__eq__)
    assert updates == 5
    assert seen == [(0, 0, 0, False), (1, 3, 3, False), (2, 5, 5, True)]
    assert [m.epoch_ends for m in model.moments] == [False, False, True, False, True]
