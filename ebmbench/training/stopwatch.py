"""Training time: by phase, synchronised with the device, evaluation excluded."""

from __future__ import annotations

import time
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median

import torch

DATA, NEGATIVE, OPTIMIZER = PHASES = ("data", "negative", "optimizer")


@dataclass
class Lap:
    """What was timed.

    Attributes:
        shares: of each phase, which sum to 1.
    """

    seconds: float = 0.0
    shares: Sequence[float] = (0.0, 0.0, 1.0)


class Stopwatch:
    """Times each phase of each update.

    Only what runs inside ``with watch(phase)`` counts, so that measuring more often makes no
    method look slower. A machine with other work takes some updates' time and leaves the most: the
    median of many says what an update costs, the mean what this training had to wait.

    Attributes:
        laps: seconds of each update, by phase.
        cpu: seconds that this process computed in all phases, on all its threads.
    """

    def __init__(self, device: torch.device) -> None:
        self.device = device
        self.total = 0.0
        self.cpu = 0.0
        self.laps = {phase: array("d") for phase in PHASES}

    @contextmanager
    def __call__(self, phase: str) -> Iterator[None]:
        with self._lap() as lap:
            yield
        self.laps[phase].append(lap.seconds)

    @contextmanager
    def shared(self) -> Iterator[Lap]:
        """Time all phases of an update together, by the ``shares`` that the lap is given within."""
        with self._lap() as lap:
            yield lap
        for phase, share in zip(PHASES, lap.shares, strict=True):
            self.laps[phase].append(lap.seconds * share)

    @contextmanager
    def _lap(self) -> Iterator[Lap]:
        start, worked, lap = self._now(), time.process_time(), Lap()
        yield lap
        lap.seconds = self._now() - start
        self.total += lap.seconds
        self.cpu += time.process_time() - worked

    @property
    def seconds(self) -> dict[str, float]:
        """By phase, all updates together."""
        return {phase: sum(laps) for phase, laps in self.laps.items()}

    @property
    def typical(self) -> dict[str, float]:
        """By phase, the median over the updates; 0 without any."""
        return {phase: median(laps) if laps else 0.0 for phase, laps in self.laps.items()}

    def _now(self) -> float:
        if self.device.type == "cuda":
            torch.cuda.synchronize(self.device)
        return time.perf_counter()
