"""Work spread over threads: all of it done, by any number of them."""

import multiprocessing
import os
import threading
from functools import partial

import pytest

from ebmbench.numerics.threads import at_most, cores, cut, in_parallel, thread_count, use_threads


@pytest.fixture(autouse=True)
def as_before():
    yield
    use_threads(None)


@pytest.mark.parametrize("count", [1, 2, 5])
@pytest.mark.parametrize("pieces", [1, 3, 11])
def test_all_work_is_done_once(count, pieces):
    use_threads(count)
    done = []
    in_parallel([lambda each=each: done.append(each) for each in range(pieces)])
    assert sorted(done) == list(range(pieces))


def test_two_threads_work_side_by_side():
    use_threads(2)
    both = threading.Barrier(2, timeout=10)
    in_parallel([both.wait, both.wait])


@pytest.mark.parametrize("failing", [0, 2])
def test_a_failure_of_a_piece_is_raised(failing):
    use_threads(2)
    with pytest.raises(ZeroDivisionError):
        in_parallel([lambda each=each: 1 / (each - failing) for each in range(3)])


def test_all_cores_are_allowed_unless_said_otherwise():
    assert thread_count() == cores() >= 1


@pytest.mark.parametrize(("length", "pieces"), [(7, 3), (2, 5), (1, 1), (10, 2)])
def test_a_range_is_cut_into_even_parts(length, pieces):
    parts = cut(length, pieces)
    assert [index for part in parts for index in part] == list(range(length))
    assert len(parts) == min(length, pieces)
    assert max(map(len, parts)) - min(map(len, parts)) <= 1


def test_work_within_a_piece_of_work_is_done_by_its_thread():
    use_threads(2)

    def nested():
        here = threading.current_thread()
        return in_parallel(4 * [lambda: threading.current_thread() is here and thread_count() == 1])

    assert in_parallel([nested, nested]) == 2 * [4 * [True]]
    assert thread_count() == 2


def test_results_come_in_the_order_of_the_work():
    use_threads(2)
    assert in_parallel([lambda each=each: each**2 for each in range(5)]) == [0, 1, 4, 9, 16]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_fork_uses_threads_of_its_own():
    work = [partial(pow, base, 2) for base in range(4)]
    with at_most(2):
        assert in_parallel(work) == [0, 1, 4, 9]  # starts threads that a fork has not
        process = multiprocessing.get_context("fork").Process(target=in_parallel, args=(work,))
        process.start()
        process.join(60)
        process.kill()
    assert process.exitcode == 0
