"""Benchmarks: pytest tests/benchmarks --benchmark-enable --benchmark-json speed.json"""

import statistics
import time

import pytest
import torch

from ebmbench.allocator import keep_freed_memory
from ebmbench.threads import cores, use_threads

ROUNDS = 15


@pytest.fixture(autouse=True)
def all_cores_for_both_sides():
    """All cores and the allocator of a run, for us and for our rivals.

    Ours are the kernels' threads, as in a run; rivals have those of torch.
    """
    keep_freed_memory()
    threads = torch.get_num_threads()
    use_threads(None)
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def race(benchmark):
    """Time a function, and its rivals in turn before each of its rounds.

    So all see the same machine. Each is called twice and timed the second time: a core that has
    rested is slow for a while, and one that waits busily for the one before is taken. The rivals'
    medians go to ``extra_info["rivals"]``, in seconds.
    """

    def run(ours, rivals, rounds=ROUNDS, per=1):
        """``per`` is how many units of work a call of ``ours`` does."""
        seconds = {name: [] for name in rivals}

        def rivals_go_first():
            torch.set_num_threads(cores())
            for name, rival in rivals.items():
                rival()
                start = time.perf_counter()
                rival()
                seconds[name].append(time.perf_counter() - start)
            torch.set_num_threads(1)  # as in a run
            ours()

        rivals_go_first()  # to warm up
        ours()
        found = benchmark.pedantic(ours, setup=rivals_go_first, rounds=rounds)
        benchmark.extra_info["per"] = per
        benchmark.extra_info["rivals"] = {
            name: statistics.median(times[1:]) for name, times in seconds.items() if times[1:]
        }
        return found

    return run
