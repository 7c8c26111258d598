"""Runs of thousands of cells: planned, planned again when all is there, and reported."""

import os
import time

import pytest

from support.command_line import ebmbench
from support.many_cells import write_run

pytestmark = pytest.mark.long

FEW, MANY = 500, 4000
STEEPER = 2.5  # times the cost of a cell: a cost that grows with the square has 8 times


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Runs that are there, of FEW and of MANY cells, and of one, which costs what all runs cost."""
    found = {}
    for cells in (20, FEW, MANY):
        folder = tmp_path_factory.mktemp(f"cells-{cells}")
        write_run(folder, cells)
        for file in (folder / "runs/many/cells").iterdir():
            os.utime(file, ns=(10**18, 10**18))
        found[cells] = folder
    return found


@pytest.mark.parametrize(
    "command",
    [
        ["run", "many.yaml", "--dry-run", "--runs", "none"],
        ["status", "many.yaml"],
        ["run", "many.yaml"],
    ],
    ids=["plan", "plan again", "plan again and report"],
)
def test_the_cost_of_a_cell_does_not_grow(command, folders, benchmark, monkeypatch):
    def seconds(cells):
        monkeypatch.chdir(folders[cells])
        start = time.perf_counter()
        assert ebmbench(*command).code == 0
        return time.perf_counter() - start

    for cells in folders:
        seconds(cells)  # the first looks at all records
    least = {cells: min(seconds(cells) for _ in range(2)) for cells in folders}
    benchmark.extra_info["seconds"] = least
    benchmark.pedantic(lambda: seconds(MANY), rounds=1)
    fixed, few, many = least.values()
    per_cell = max(few - fixed, 0.2 * fixed) / FEW
    assert (many - fixed) / MANY < STEEPER * per_cell
