"""That times were measured beside other work."""

from __future__ import annotations

import pytest

from ebmbench.report.notices import busy
from ebmbench.summary import summarise
from support import journal_example as example

BUSY = "The machine was busy on bars: "


def told(load=0.5, wait=1.0, work=1.0, device="cpu"):
    """What is said where updates took ``wait`` times their median and the CPU did ``work``."""
    records = []
    for record in example.records():
        if record.cost:
            seconds, updates = record.cost.seconds, record.cost.updates
            cost = example.changed(
                record.cost,
                typical={phase: total / updates / wait for phase, total in seconds.items()},
                cpu=work * sum(seconds.values()),
            )
            block = example.changed(record.block, load=load)
            environment = {**record.environment, "device": device}
            record = example.changed(record, cost=cost, block=block, environment=environment)
        records.append(record)
    return [line for line in busy(summarise(example.run(), records)) if BUSY in line]


def test_a_quiet_machine_is_not_mentioned():
    assert told() == []


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"wait": 4.0}, "took 4.0 times its median on average"),
        ({"work": 0.25}, "the CPU computed for 25 % of"),
        ({"load": 3.0}, "3.0 tasks per core ran or waited"),
    ],
)
def test_each_sign_of_other_work_is_told_by_itself(how, said):
    (line,) = told(**how)
    assert said in line
    assert line.count(",") == 0
    assert "nan" not in line


def test_the_cpu_of_a_training_on_a_gpu_says_nothing():
    assert told(work=0.1, device="NVIDIA H100") == []
    (line,) = told(wait=2.0, work=0.1, device="NVIDIA H100")
    assert "CPU" not in line
