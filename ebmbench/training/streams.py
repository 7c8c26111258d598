"""The streams of random numbers of a training."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch

from ebmbench.numerics.noise import Noise


class Streams(NamedTuple):
    """The streams of random numbers of a training, one for each purpose."""

    order: Noise
    redraw: Noise
    start: Noise
    negative: Noise
    project: Noise

    @classmethod
    def of(cls, seeds: Sequence[int], dataset: str, method: str, device: torch.device) -> Streams:
        """All methods see the same data in the same order; all else is a method's own."""
        data = (Noise(seeds, name, dataset, device=device) for name in cls._fields[:2])
        own = (Noise(seeds, name, dataset, method, device=device) for name in cls._fields[2:])
        return cls(*data, *own)
