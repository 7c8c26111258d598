"""Training time: by phase, synchronised with the device, evaluation excluded."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import torch

DATA, NEGATIVE, OPTIMIZER = PHASES = ("data", "negative", "optimizer")


class Stopwatch:
    """Adds up the seconds spent in each phase of the updates.

    Only what runs inside ``with watch(phase)`` counts, so that measuring more often makes no
    method look slower.
    """

    def __init__(self, device: torch.device) -> None:
        self.seconds = dict.fromkeys(PHASES, 0.0)
        self.device = device

    @contextmanager
    def __call__(self, phase: str) -> Iterator[None]:
        start = self._now()
        yield
        self.seconds[phase] += self._now() - start

    @property
    def total(self) -> float:
        """Seconds in all phases so far."""
        return sum(self.seconds.values())

    def _now(self) -> float:
        if self.device.type == "cuda":
            torch.cuda.synchronize(self.device)
        return time.perf_counter()
