"""Sweeps of many launches as one: captured once in a CUDA graph, and replayed.

A launch takes the CPU about as long as a small half step takes the GPU. A graph replays all
launches of a sweep at once, on the same memory: so the numbers of a sweep are copied there before
it, the first draw's number among them, which the kernels read from memory.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

import torch

from ebmbench_cuda.sweep import Plan
from ebmbench_cuda.work import Work

WORTH = 16  # launches; below, copying the numbers is about as much work
KEPT = 4  # graphs, each with its own copy of spins and digits


class Captured:
    """A sweep in a CUDA graph, with its own memory.

    Args:
        plan, k: what to capture; its kernels have been compiled, as that cannot be captured.
        work: a sweep of the same shape.
    """

    def __init__(self, plan: Plan, work: Work, k: int) -> None:
        self.work = work.clone()
        self.graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self.graph):
            plan.enqueue(self.work, k)

    def run(self, work: Work) -> Work:
        """The same sweep on other numbers; what is returned is overwritten by the next."""
        self.work.copy_(work)
        self.graph.replay()
        return self.work


class Graphs:
    """Runs sweeps; those that are worth it are captured when their shape comes a second time."""

    def __init__(self) -> None:
        self.seen: set[Any] = set()
        self.captured: OrderedDict[Any, Captured] = OrderedDict()

    def run(self, plan: Plan, work: Work, k: int) -> Work:
        """k steps on ``work``: the work whose ``v`` and ``h`` have the result."""
        key = plan, k, work.v.device, tuple(tensor.shape for tensor in work.tensors())
        if not work.v.is_cuda or k * plan.launches < WORTH or key not in self.seen:
            self.seen.add(key)
            plan.enqueue(work, k)
            return work
        if key not in self.captured:
            self.captured[key] = Captured(plan, work, k)
            if len(self.captured) > KEPT:
                self.captured.popitem(last=False)
        self.captured.move_to_end(key)
        return self.captured[key].run(work)
