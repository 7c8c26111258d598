"""What an update costs, and what the negative phases of an epoch do."""

from __future__ import annotations

from math import isnan

import pytest

from ebmbench.interfaces.cost import Cost
from ebmbench.journal.documents import CellCost, CellRecord
from ebmbench.summary import summarise
from support import journal_example as example


def test_cost_is_per_update_and_split(board):
    cost = board.row("Slow").cost
    assert cost.seconds["negative"] == pytest.approx(0.001)
    assert cost.total_seconds == pytest.approx(0.0013)
    assert cost.total.macs == 2_560_000 + 32_000


def test_the_negative_phase_is_given_in_units_of_the_baselines(board):
    ratio = board.row("Fast").negative_ratio
    assert ratio.macs == pytest.approx(0.05)
    assert ratio.seconds == pytest.approx(0.1)


def test_a_baseline_that_counts_nothing_gives_no_ratio():
    records = [_counting_nothing(record) for record in example.records()]
    assert isnan(summarise(example.run(), records).boards[0].row("Fast").negative_ratio.macs)


def test_negative_phases_are_compared_per_epoch_whatever_the_batch():
    records = [
        example.changed(record, cost=_times(record.cost, 10)) if record.method == "Fast" else record
        for record in example.records()
    ]  # the same updates, ten times as many
    row = summarise(example.run(), records).boards[0].row("Fast")
    assert row.cost.updates_per_epoch == 10 * example.UPDATES_PER_EPOCH
    assert row.cost.negative_per_epoch.macs == 10 * example.UPDATES_PER_EPOCH * 128_000
    assert row.cost.negative_seconds_per_epoch == pytest.approx(0.005)
    assert row.negative_ratio.macs == pytest.approx(0.5)
    assert row.negative_ratio.seconds == pytest.approx(1.0)


def test_a_training_cut_short_does_not_count_towards_updates_per_epoch():
    first, *others = example.diverged_late()
    cut = example.changed(first, cost=example.changed(first.cost, updates=7))
    cost = summarise(example.run(), [cut, *others]).boards[0].row("Fast").cost
    assert cost.updates == example.UPDATES_PER_EPOCH * example.EPOCHS[-1]


def test_where_no_seed_is_done_updates_per_epoch_are_not_known():
    row = summarise(example.run(), example.diverged_late()[:1]).boards[0].row("Fast")
    assert isnan(row.cost.updates_per_epoch)
    assert row.cost.seconds["negative"] == pytest.approx(0.0001)


def test_a_measured_time_is_the_median_over_updates_where_that_is_known():
    cost = _measured("Fast", typical=0.002, mean=0.008, cpu=0.001)
    assert cost.total_seconds == pytest.approx(0.006)
    assert cost.waited == pytest.approx(4)
    assert cost.worked == pytest.approx(0.125)
    assert cost.load == 1.25
    assert cost.was_held_up


@pytest.mark.parametrize(
    ("mean", "cpu", "device", "held_up"),
    [
        (0.0021, 0.002, "cpu", False),
        (0.0021, 0.001, "cpu", True),  # the CPU did something else half of the time
        (0.0021, 0.001, "NVIDIA H100", False),  # it waits for the GPU
        (0.004, 0.004, "cpu", True),
        (0.004, None, "cpu", True),
        (0.0021, None, "cpu", False),
    ],
)
def test_a_training_was_held_up_where_mean_and_median_or_clock_and_cpu_disagree(
    mean, cpu, device, held_up
):
    cost = _measured("Fast", typical=0.002, mean=mean, cpu=cpu, device=device)
    assert cost.was_held_up == held_up


def test_older_records_say_nothing_of_the_machine(board):
    cost = board.row("Slow").cost
    assert isnan(cost.waited)
    assert isnan(cost.worked)
    assert not cost.was_held_up


def _measured(method, typical, mean, cpu, device="cpu"):
    """The cost of ``method``; seconds per update and phase, and of the CPU."""
    records = [_with_times(r, typical, mean, cpu, device) for r in example.records()]
    return summarise(example.run(), records).boards[0].row(method).cost


def _with_times(record, typical, mean, cpu, device):
    if record.cost is None:
        return record
    phases, updates = record.cost.seconds, record.cost.updates
    cost = example.changed(
        record.cost,
        seconds=dict.fromkeys(phases, mean * updates),
        typical=dict.fromkeys(phases, typical),
        cpu=None if cpu is None else cpu * updates * len(phases),
    )
    block = example.changed(record.block, load=1.25)
    environment = {**record.environment, "device": device}
    return example.changed(record, cost=cost, block=block, environment=environment)


def _times(cost: CellCost, n: int) -> CellCost:
    seconds = {phase: n * s for phase, s in cost.seconds.items()}
    return example.changed(cost, updates=n * cost.updates, seconds=seconds)


def _counting_nothing(record: CellRecord) -> CellRecord:
    """The record without operations in its negative phase."""
    if record.cost is None:
        return record
    counted = {**record.cost.counted, "negative": Cost()}
    return example.changed(record, cost=example.changed(record.cost, counted=counted))
