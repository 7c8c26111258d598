"""RAPID updates in one compiled call: as phase by phase, to the last bit."""

import pytest
import torch

from ebmbench import Moment, Noise, Splits
from ebmbench.numerics.threads import at_most
from ebmbench.training.batches import Batching, batches
from ebmbench.training.learner import Learner
from ebmbench.training.optimizer import Optimizer, OptimizerOptions
from ebmbench.training.replay import whole_update
from ebmbench.training.stopwatch import DATA, NEGATIVE, OPTIMIZER, Stopwatch
from ebmbench.training.streams import Streams
from ebmbench_gibbs import RBM
from ebmbench_rapid import PID, RARBM
from ebmbench_rapid.thin_phase import FEW

V, H, K, N = 13, 101, 7, 11
CPU = torch.device("cpu")
OPTIMIZERS = [
    {"name": "sgd", "lr": 0.02},
    {"name": "sgd", "lr": 0.02, "momentum": 0.9, "weight_decay": 1e-3},
    {"name": "sgd", "lr": 0.02, "weight_decay": {"xi_h": 0.1}},
    {"name": "adam", "lr": 0.01, "bias_correction": "epoch"},
]


def parts(seeds, optimizer, **options):
    model = RARBM(RARBM.Options(hidden=H, patterns=K, **options), V, Noise(seeds, "init"))
    return model, PID(PID.Options(), None), Optimizer(model, OptimizerOptions(**optimizer))


def trained(seeds, optimizer, batching, *, in_one_call, threads=1):
    """A model after two epochs, and the watch."""
    model, sampler, optimizer = parts(seeds, optimizer, binarize={"rule": "sign", "every": "epoch"})
    v = Noise(seeds, "data").coins(N, V)
    data = Splits(v, v, (1, V), torch.zeros(V, dtype=torch.bool))
    streams = Streams.of(seeds, "data", "method", CPU)
    whole = whole_update(model, sampler, optimizer) if in_one_call else None
    learner = Learner(
        model, sampler, optimizer, data, streams, unlearning=batching.unlearning, whole=whole
    )
    watch, update = Stopwatch(CPU), 0
    with at_most(threads):
        for epoch in (1, 2):
            for batch in batches(v, batching, streams.order):
                update += 1
                learner.take(batch, epoch)
                learner.make(watch, Moment(epoch, update, update % 3 == 0))
            optimizer.end_epoch(epoch)
    return model, watch


def assert_same(mine, theirs):
    for one, other in zip(mine.parameters(), theirs.parameters(), strict=True):
        assert torch.equal(one, other)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize(
    "batching",
    [Batching(size=4), Batching(size=4, last="fixed"), Batching(size=4, unlearning=0.25)],
    ids=["mean", "fixed", "unlearning"],
)
def test_it_ends_where_phase_by_phase_does(optimizer, batching, threads):
    whole, watch = trained(range(5), optimizer, batching, in_one_call=True, threads=threads)
    by_phase, _ = trained(range(5), optimizer, batching, in_one_call=False)
    assert_same(whole, by_phase)
    assert all(len(laps) == 6 for laps in watch.laps.values())
    assert all(watch.seconds[phase] > 0 for phase in (DATA, NEGATIVE, OPTIMIZER))
    assert watch.total == pytest.approx(sum(watch.seconds.values()))


def test_a_replica_alone_ends_where_it_does_in_a_block():
    block, _ = trained(range(5), OPTIMIZERS[0], Batching(size=4), in_one_call=True)
    alone, _ = trained([3], OPTIMIZERS[0], Batching(size=4), in_one_call=True)
    for one, all_of_them in zip(alone.parameters(), block.parameters(), strict=True):
        assert torch.equal(one, all_of_them[3:4])


def test_batches_of_many_rows_go_phase_by_phase():
    model, sampler, optimizer = parts([0], OPTIMIZERS[0])
    whole = whole_update(model, sampler, optimizer)
    rows = Noise([0], "data").coins(FEW + 1, V)
    some, many = (next(batches(rows, Batching(size=n), Noise([0], "x"))) for n in (FEW, FEW + 1))
    assert whole.fits(some)
    assert not whole.fits(many)


@pytest.mark.parametrize("options", [{"k": 1}, {"hidden": "pattern"}])
def test_other_negative_phases_have_none(options):
    model, _, optimizer = parts([0], OPTIMIZERS[0])
    assert whole_update(model, PID(PID.Options(**options), None), optimizer) is None


def test_nor_have_other_models_and_steps():
    model, sampler, _ = parts([0], OPTIMIZERS[0])
    other = Optimizer(model, OptimizerOptions(name="rmsprop", lr=0.1))
    assert whole_update(model, sampler, other) is None
    many, sampler, optimizer = parts([0], OPTIMIZERS[0])
    assert whole_update(many, sampler, optimizer) is not None
    model = RBM(RBM.Options(hidden=H), V, Noise([0], "init"))
    assert (
        whole_update(model, sampler, Optimizer(model, OptimizerOptions(name="sgd", lr=1))) is None
    )
