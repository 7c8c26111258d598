"""How long a call takes, by torch's own timer: warmed up, in rounds, the device waited for."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

SECONDS = 0.2  # for all rounds of a call, unless the least number of rounds takes longer


class Timing(NamedTuple):
    """Seconds of one call over ``rounds`` rounds of ``iterations`` calls each.

    Attributes:
        iqr: the interquartile range over the rounds.
    """

    min: float
    median: float
    mean: float
    max: float
    stddev: float
    iqr: float
    rounds: int
    iterations: int


def timing(call: Callable[[], object], device: torch.device, rounds: int) -> Timing:
    """Time ``call`` in at least so many rounds, after calls that do not count.

    A round is as many calls as the clock can tell apart well; the garbage collector is off, and
    what the call asks of a CUDA device is waited for.
    """
    from torch.utils.benchmark import Timer  # a third of a second that others need not wait

    call()  # compiles what is not compiled yet; that is no part of the call
    timer = Timer(
        "call()",
        globals={"call": call},
        num_threads=torch.get_num_threads(),
        timer=_clock(device),
    )
    once = timer.timeit(1).median
    found = timer.blocked_autorange(min_run_time=max(SECONDS, rounds * once))
    seconds = np.array(found.times)
    while len(seconds) < rounds:
        more = timer.timeit(found.number_per_run).times
        seconds = np.append(seconds, more)
    return statistics_of(seconds, found.number_per_run)


def statistics_of(seconds: NDArray[np.float64], iterations: int) -> Timing:
    """Of the seconds per call of each round."""
    low, middle, high = np.quantile(seconds, (0.25, 0.5, 0.75))
    return Timing(
        min=float(seconds.min()),
        median=float(middle),
        mean=float(seconds.mean()),
        max=float(seconds.max()),
        stddev=float(seconds.std(ddof=1)) if len(seconds) > 1 else 0.0,
        iqr=float(high - low),
        rounds=len(seconds),
        iterations=iterations,
    )


def _clock(device: torch.device) -> Callable[[], float]:
    """Seconds at which all that the device was asked for is done."""
    if device.type != "cuda":
        return time.perf_counter

    def synchronised() -> float:
        torch.cuda.synchronize(device)
        return time.perf_counter()

    return synchronised
