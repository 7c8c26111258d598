"""How long a call takes, by pytest-benchmark's calibrated rounds, without a pytest session."""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable
from importlib import import_module
from types import SimpleNamespace
from typing import Any, NamedTuple

import torch

from ebmbench.errors import ConfigError, Problem

LEAST_SECONDS = 1e-4  # of a round: shorter calls are repeated within it
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


def require_pytest_benchmark() -> None:
    """Check that the measuring can be done at all.

    Raises:
        ConfigError: pytest-benchmark is not installed.
    """
    try:
        import_module("pytest_benchmark.fixture")
    except ImportError as error:
        remedy = "Install it: pip install 'ebmbench[cost]'"
        problem = f"measuring needs pytest-benchmark, which cannot be imported ({error})"
        raise ConfigError(Problem("cost", "", problem, remedy)) from None


def calibrated(call: Callable[[], object], device: torch.device, rounds: int) -> Timing:
    """Time ``call`` in at least so many rounds, after calls that do not count.

    A round is as many calls as the clock can tell apart well; the garbage collector is off.
    """
    call()  # compiles what is not compiled yet; the calibration would take that for the call
    benchmark = _fixture(_clock(device), rounds)
    benchmark(call)
    found = benchmark.stats
    return Timing(*(found[name] for name in Timing._fields))


def _clock(device: torch.device) -> Callable[[], float]:
    """Seconds at which all that the device was asked for is done."""
    if device.type != "cuda":
        return time.perf_counter

    def synchronised() -> float:
        torch.cuda.synchronize(device)
        return time.perf_counter()

    return synchronised


def _fixture(clock: Callable[[], float], rounds: int) -> Any:
    """The object that a test gets as ``benchmark``, made by hand: its options are pytest's."""
    fixture = import_module("pytest_benchmark.fixture").BenchmarkFixture
    silent = SimpleNamespace(debug=_ignore, info=_ignore, warning=_ignore)
    arguments = {
        "node": SimpleNamespace(name="update", nodeid="update"),
        "disable_gc": True,
        "timer": SimpleNamespace(target=clock),
        "min_rounds": rounds,
        "min_time": LEAST_SECONDS,
        "max_time": SECONDS,
        "precision": None,
        "confidence": None,
        "warmup": False,
        "warmup_iterations": 0,
        "calibration_precision": 10,
        "add_stats": _ignore,
        "logger": silent,
        "warner": _ignore,
        "disabled": False,
        "cprofile": False,
        "cprofile_loops": None,
        "cprofile_dump": None,
    }
    known = inspect.signature(fixture).parameters  # not the same in all its versions
    return fixture(**{name: value for name, value in arguments.items() if name in known})


def _ignore(*_: object, **__: object) -> None:
    pass
