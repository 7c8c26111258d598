"""Threads that wait for each other within compiled code."""

import os
import threading

import numpy as np
import pytest

from ebmbench.numerics import meet, meeting, njit, side_by_side
from ebmbench.numerics.threads import use_threads


@pytest.fixture(autouse=True)
def as_before():
    yield
    use_threads(None)


@njit(nogil=True)
def take_turns(index, count, place, rounds, seen):
    """Each thread writes its number of the round, and after a meeting looks at the others'."""
    for turn in range(rounds):
        seen[0, index] = turn
        meet(place, count)
        for other in range(count):
            seen[1, index] += seen[0, other] != turn
        meet(place, count)


@pytest.mark.parametrize("threads", [1, 2, 3, 7])
def test_what_others_wrote_before_a_meeting_is_seen_after(threads):
    use_threads(threads)
    place, seen = meeting(), np.zeros((2, threads), np.int64)
    rounds = 300 if threads <= (os.cpu_count() or 1) else 20
    side_by_side(threads, lambda index, count: take_turns(index, count, place, rounds, seen))
    assert seen[0].tolist() == threads * [rounds - 1]
    assert not seen[1].any()


@pytest.mark.parametrize(("allowed", "most"), [(1, 5), (3, 2), (2, 2), (4, 9)])
def test_there_are_as_many_pieces_as_threads_are_allowed_and_asked_for(allowed, most):
    use_threads(allowed)
    expected = min(allowed, most)
    found = side_by_side(most, lambda index, count: (index, count))
    assert found == [(index, expected) for index in range(expected)]


def test_all_pieces_are_at_work_at_the_same_time():
    use_threads(3)
    all_of_them = threading.Barrier(3, timeout=60)
    side_by_side(3, lambda *_: all_of_them.wait())


def test_while_others_are_side_by_side_there_is_one_piece():
    """Else the threads of two teams could wait for threads that the other team has."""
    use_threads(2)
    inside, ended = threading.Event(), threading.Event()

    def first(index, count):
        inside.set()
        return ended.wait(60) and count

    team = threading.Thread(target=lambda: side_by_side(2, first))
    team.start()
    assert inside.wait(60)
    assert side_by_side(2, lambda index, count: (index, count)) == [(0, 1)]
    ended.set()
    team.join()
    assert side_by_side(2, lambda index, count: (index, count)) == [(0, 2), (1, 2)]


def test_a_failure_is_raised_and_others_may_work_then():
    use_threads(2)
    with pytest.raises(ZeroDivisionError):
        side_by_side(2, lambda index, count: 1 / index)
    assert len(side_by_side(2, lambda *_: None)) == 2
