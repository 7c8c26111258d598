"""What a report says of times."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ebmbench.report.sections.costs import costs
from support.result_example import result, spread


def told(devices):
    summary = result({"bars": {"A": spread(0.1), "CD": spread(0.3)}})
    on = {**summary.environment, "device": devices}
    summary = replace(summary, environment=on)
    return " ".join(part for part in costs(summary, summary.boards[0]) if isinstance(part, str))


@pytest.mark.parametrize("devices", [(), ("cpu",)])
def test_times_of_a_processor_need_no_word(devices):
    assert "Times are its share" in told(devices)


def test_times_of_an_accelerator_say_of_which():
    assert "Times are, on NVIDIA H100, its share" in told(("cpu", "NVIDIA H100"))
