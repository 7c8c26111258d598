"""How rows are shared out among threads: all of them, evenly, in whole runs of 32."""

from __future__ import annotations

import pytest

from ebmbench_cpu.sweep import ROWS, rows_of_tile
from ebmbench_cpu.tables import TARGETS


@pytest.mark.parametrize("threads", [1, 2, 3, 16])
@pytest.mark.parametrize("N", [1, 31, 33, 128, 511, 513, 2048])
@pytest.mark.parametrize("R", [1, 2, 20])
def test_tiles_are_whole_runs_within_the_cache(R, N, threads):
    size = rows_of_tile(R, N, threads)
    assert size % TARGETS == 0
    assert 0 < size <= ROWS


@pytest.mark.parametrize(("R", "N", "threads", "tiles"), [
    (1, 128, 1, 1),  # one thread fills its tables once
    (1, 128, 2, 2),  # two share the rows
    (1, 1100, 2, 4),  # not 3
    (2, 128, 2, 2),  # a replica each
    (1, 20, 2, 1),  # less than a run is not shared
])  # fmt: skip
def test_few_replicas_are_cut_so_that_each_thread_has_as_much(R, N, threads, tiles):
    assert R * -(-N // rows_of_tile(R, N, threads)) == tiles
