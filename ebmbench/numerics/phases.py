"""Phases: over many particles in parts, side by side; and from slopes on a model's couplings."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import cast

import torch
from torch import Tensor, nn

from ebmbench.numerics.particles import Particles
from ebmbench.numerics.threads import in_parallel, thread_count
from ebmbench.numerics.two_layer import Couplings, TwoLayer

Phase = tuple[Tensor, ...]
"""<dF> over some particles: one tensor per parameter, in the order of ``parameters()``."""

NUMBERS = 1 << 18  # float32 of a kind that a part may have, per replica: 1 MiB, to stay in cache


def phase_of_slopes(model: nn.Module, slopes: Couplings) -> Phase:
    """Slopes on W, a and b, carried on to the parameters that a ``TwoLayer`` makes them of.

    Slopes on a bias that the model has not are left out.
    """
    with torch.enable_grad():
        couplings = cast(TwoLayer, model).couplings()
        terms = [
            (x * slope).sum()
            for x, slope in zip(couplings, slopes, strict=True)
            if x is not None and slope is not None
        ]
        # Of one number: for slopes of several, torch imports its compiler, which takes seconds.
        along, parameters = cast(Tensor, sum(terms)), tuple(model.parameters())
        return torch.autograd.grad(along, parameters, materialize_grads=True)


def rows_of_part(width: int) -> int:
    """How many particles a part may have, where a phase finds ``width`` numbers for each."""
    return max(1, NUMBERS // width)


def phase_in_parts(particles: Particles, width: int, phase: Callable[[Particles], Phase]) -> Phase:
    """The sum of ``phase`` over parts of the particles, without autograd.

    On the CPU the allowed threads take a part each, so ``phase`` must return new tensors and change
    nothing that other threads see. Parts are added up in their order: the number of threads changes
    no bit. Memory grows with the threads, not with the particles.

    Args:
        particles: what to average over.
        width: numbers that ``phase`` finds for each, the most of a kind.
        phase: <dF> over some of the particles, weighted as they are.
    """
    count = -(-particles.v.shape[1] // rows_of_part(width))
    parts = list(particles.parts(-(-particles.v.shape[1] // count)))  # of the same size
    at_a_time = thread_count() if particles.v.device.type == "cpu" else 1
    alone = torch.no_grad()(phase)  # autograd is switched off thread by thread
    total: Phase | None = None
    for first in range(0, len(parts), at_a_time):
        now = parts[first : first + at_a_time]
        for found in in_parallel([partial(alone, each) for each in now]):
            total = found if total is None else _added(total, found)
    assert total is not None  # there is always a part
    return total


def _added(total: Phase, more: Phase) -> Phase:
    for mine, theirs in zip(total, more, strict=True):
        mine.add_(theirs)
    return total
