"""How replicas and pieces are dealt out to threads."""

from __future__ import annotations

from threading import Lock

import pytest

from ebmbench.numerics.threads import use_threads
from ebmbench_exact.shares import for_each_replica, in_pieces


@pytest.fixture
def three_threads():
    use_threads(3)
    yield
    use_threads(None)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 7])
def test_each_replica_is_done_once_whole_ones_first_and_the_rest_in_pieces(count, three_threads):
    done, lock = [], Lock()

    def work(r, pieces):
        with lock:
            done.append((r, pieces))

    replicas = [2 * index for index in range(count)]
    for_each_replica(replicas, work)
    even = count - count % 3
    assert sorted(done) == [(r, 1 if at < even else 3) for at, r in enumerate(replicas)]


@pytest.mark.parametrize("length", [1, 2, 11])
def test_pieces_cover_a_length_once(length, three_threads):
    done, lock = [], Lock()

    def work(first, last):
        with lock:
            done.extend(range(first, last))

    in_pieces(length, 3, work)
    assert sorted(done) == list(range(length))
