"""Training time: by phase, synchronised with the device, evaluation excluded."""

from __future__ import annotations

import time
from array import array
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

import numpy as np
import torch

DATA, NEGATIVE, OPTIMIZER = PHASES = ("data", "negative", "optimizer")
SHORT = 1e-3  # seconds of a lap
STANDS_FOR = 15  # laps


class Stopwatch:
    """Times each phase of each update.

    Only what runs inside ``with watch(phase)`` counts, so that measuring more often makes no
    method look slower. A machine with other work takes some updates' time and leaves the most: the
    median of many says what an update costs, the mean what this training had to wait.

    Attributes:
        laps: seconds of each update, by phase.
        cpu: seconds that this process computed in all phases, on all its threads.
        cores: how many were at work when that was last asked for. The question takes a microsecond,
            so of short laps one in some is asked about, and stands for those after it.
        until_asked: laps that the last answer still stands for.
    """

    def __init__(self, device: torch.device) -> None:
        self.device, self._waits = device, device.type == "cuda"
        self.total = 0.0
        self.cpu = 0.0
        self.cores = 1.0
        self.until_asked = 0
        self.laps = {phase: array("d") for phase in PHASES}

    def __call__(self, phase: str) -> Lap:
        """What times a phase of an update: ``with watch(phase):``."""
        return Lap(self, (phase,), (1.0,))

    def shared(self) -> Lap:
        """What times all phases together, by the ``shares`` that the lap is given within."""
        return Lap(self, PHASES, (0.0, 0.0, 1.0))

    def now(self) -> float:
        """Seconds at which all that the device was asked for is done."""
        if self._waits:
            torch.cuda.synchronize(self.device)
        return time.perf_counter()

    def standing(self) -> dict[str, Any]:
        """All times so far, to go on from."""
        laps = {phase: np.array(laps) for phase, laps in self.laps.items()}
        return {"total": self.total, "cpu": self.cpu, "laps": laps}

    def restore(self, times: Mapping[str, Any]) -> None:
        """Go on from the times of before."""
        self.total, self.cpu = times["total"], times["cpu"]
        self.laps = {phase: array("d", times["laps"][phase]) for phase in PHASES}

    @property
    def seconds(self) -> dict[str, float]:
        """By phase, all updates together."""
        return {phase: sum(laps) for phase, laps in self.laps.items()}

    @property
    def typical(self) -> dict[str, float]:
        """By phase, the median over the updates; 0 without any."""
        return {phase: median(laps) if laps else 0.0 for phase, laps in self.laps.items()}


class Lap:
    """Times what runs within it. A class: of a small update a generator would be a tenth.

    Attributes:
        shares: of each of its phases in the time; they sum to 1.
    """

    def __init__(self, watch: Stopwatch, phases: Sequence[str], shares: Sequence[float]) -> None:
        self.shares = shares
        self._watch, self._phases = watch, phases

    def __enter__(self) -> Lap:
        watch = self._watch
        self._worked = None if watch.until_asked else time.process_time()
        self._start = watch.now()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            return
        watch = self._watch
        seconds = watch.now() - self._start
        if self._worked is None:
            watch.until_asked -= 1
        elif seconds > 0:
            watch.cores = (time.process_time() - self._worked) / seconds
            watch.until_asked = STANDS_FOR if seconds < SHORT else 0
        watch.cpu += watch.cores * seconds
        watch.total += seconds
        for phase, share in zip(self._phases, self.shares, strict=True):
            watch.laps[phase].append(seconds * share)
