"""Benchmarks: pytest tests/benchmarks --benchmark-enable --benchmark-json speed.json"""

import os
import statistics
import time
from pathlib import Path

import pytest
import torch

from ebmbench.numerics.threads import cores, use_threads
from ebmbench.running.memory import keep_freed_memory

ROUNDS = 15
SETTLED = 0.01  # seconds
SIDE = os.environ.get("RACE_SIDE")  # "ebmbench" or a rival, which then has a process of its own


def pytest_collection_modifyitems(items):
    """Each runs once among the tests that take minutes, so that it is seen to work."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.soak)


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


def settle(work):
    """Do work untimed, at least once, until cores and threads have settled for it."""
    start = time.perf_counter()
    work()
    while time.perf_counter() - start < SETTLED:
        work()


@pytest.fixture
def race(benchmark):
    """Time a function, and its rivals in turn before each of its rounds.

    So all see the same machine; or one side alone, where ``RACE_SIDE`` names it, in a process
    without the threads that others leave behind. Each is called untimed before: a core that has
    rested is slow for a while, and one that waits busily for the one before is taken. The rivals'
    medians go to ``extra_info["rivals"]``, in seconds, and their least to ``extra_info["least"]``.
    """

    def run(ours, rivals, rounds=ROUNDS, per=1, threads=None):
        """``per`` is how many units of work a call of ``ours`` does; ``threads`` are for both."""
        use_threads(threads)
        benchmark.extra_info["per"] = per
        if SIDE:
            return alone(ours, rivals, rounds, threads)
        seconds = {name: [] for name in rivals}

        def rivals_go_first():
            torch.set_num_threads(threads or cores())
            for name, rival in rivals.items():
                settle(rival)
                start = time.perf_counter()
                rival()
                seconds[name].append(time.perf_counter() - start)
            torch.set_num_threads(1)  # as in a run
            settle(ours)

        rivals_go_first()  # to warm up
        ours()
        found = benchmark.pedantic(ours, setup=rivals_go_first, rounds=rounds)
        benchmark.extra_info["rivals"] = {
            name: statistics.median(times[1:]) for name, times in seconds.items() if times[1:]
        }
        benchmark.extra_info["least"] = {name: min(times) for name, times in seconds.items()}
        return found

    def alone(ours, rivals, rounds, threads):
        """Only the side that is asked for; whoever asks tells the rivals' names by ours."""
        mine = SIDE == "ebmbench"
        torch.set_num_threads(1 if mine else threads or cores())
        work = ours if mine else rivals[SIDE]
        benchmark.extra_info["rivals"] = list(rivals)
        found = benchmark.pedantic(work, setup=lambda: settle(work), rounds=rounds, warmup_rounds=1)
        return found if mine else ours()

    return run
