"""The predicted peak of a block: what it is made of, and against real processes."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
import torch

from ebmbench import Cost, Noise, Splits
from ebmbench.plan.peak_memory import SCATTERED, PeakMemory, Rows, held
from ebmbench.running.room import room_here
from ebmbench_cpu import NumbaKernel
from ebmbench_gibbs import RBM
from ebmbench_jarzynski.jarzynski import Jarzynski
from ebmbench_ptt.ptt import PTT
from support.suites import SMALL, plan
from support.two_layer import splits_of

TESTS = Path(__file__).parents[1]
LARGE = [  # dataset, hidden units, method, replicas
    ("wide", 500, "CD-10", 10),
    pytest.param(("bars4", 1000, "PCD-10", 10), marks=pytest.mark.long),
    ("wide", 500, "PCD-10", 1),
    pytest.param(("wide", 500, "PCD-10", 10), marks=pytest.mark.long),
    ("wide", 500, "RAPID", 50),
]


@pytest.mark.soak
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("case", LARGE, ids=lambda case: "-".join(map(str, case)))
def test_the_peak_of_a_large_block_is_predicted_within_a_factor_of_two(case):
    dataset, hidden, method, replicas = case
    script = [sys.executable, "-m", "support.peak_of_block"]
    ended = subprocess.run(
        [*script, dataset, str(hidden), method, "auto", str(replicas)],
        cwd=TESTS,
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(ended.stdout)
    assert 1 / 2 < found["predicted"] / found["measured"] < 2, found


def test_repeating_something_holds_no_more_memory_and_a_sequence_as_much_as_its_largest_part():
    small, large = Cost(bytes=3.0), Cost(bytes=5.0, held=7.0)
    assert (10 * small).peak == 3.0
    assert (small + large + small).peak == 7.0
    assert (small + large).bytes == 8.0
    assert (2 * (small + large)).operations == (0.0, 0.0, 16.0)


def test_rows_that_replicas_share_are_held_once():
    train, test = torch.ones(5, 7), torch.ones(2, 3, 7)
    data = Splits(train.expand(2, -1, -1), test, (7, 1), torch.ones(7, dtype=torch.bool))
    assert Rows.of(data) == (4 * 5 * 7, 4 * 3 * 7)


class Foreign:
    """An array of another library."""

    nbytes = 7


class State(NamedTuple):
    v: object
    others: object


@dataclass
class Kept:
    array: Foreign
    name: str = "kept"


def test_a_state_may_hold_arrays_of_any_library():
    odd = np.zeros(3, dtype=[("spin", ">f4"), ("count", "u2")])  # nothing that torch takes
    state = State({"v": torch.ones(5, 3)}, [Foreign(), odd, Kept(Foreign()), None, 11])
    assert held(state) == 4 * 5 * 3 + 7 + 3 * (4 + 2) + 7


def test_as_many_replicas_fit_as_the_budget_has_room_for_and_never_none():
    memory = PeakMemory(shared=10.0, per_replica=4.0)
    assert memory.of(5) == 30.0
    assert memory.replicas_within(30.0) == 5
    assert memory.replicas_within(29.9) == 4
    assert memory.replicas_within(1.0) == 1


def test_a_samplers_chains_are_held_beside_what_an_update_touches(tmp_path):
    text = SMALL.replace("{name: cd, k: 2}", "{name: pcd, chains: CHAINS}")
    few, many = (
        plan(tmp_path, text.replace("CHAINS", chains)).estimates["bars3", "CD-2"]
        for chains in ("1007", "11007")
    )
    kept, ended, weights = 10000 * 9 * 4, 10000 * 9 * 4, 10000 * 4
    assert many.memory.shared == few.memory.shared
    assert many.memory.per_replica - few.memory.per_replica == pytest.approx(
        SCATTERED * (kept + ended + weights)
    )


def test_blocks_shrink_where_memory_is_short(tmp_path, monkeypatch):
    estimate = plan(tmp_path).estimates["bars3", "CD-2"]
    assert room_here(1).replicas_of(estimate) > 1000
    free = 2 * estimate.memory.of(3) / 0.5 + 1  # two workers have half of it
    monkeypatch.setattr("ebmbench.running.room.available_memory", lambda: free)
    assert room_here(2).replicas_of(estimate) == 3
    monkeypatch.setattr("ebmbench.running.room.available_memory", lambda: None)
    assert room_here(2).replicas_of(estimate) > 1000


def test_a_block_on_a_gpu_is_as_large_as_its_memory_lets_it(tmp_path, monkeypatch):
    estimate = plan(tmp_path).estimates["bars3", "CD-2"]
    monkeypatch.setattr("ebmbench.running.room.BLOCK_BYTES", 1)  # the cache of a CPU
    assert room_here(1).replicas_of(estimate) == 1
    free = estimate.memory.of(1000) / 0.5 + 1
    monkeypatch.setattr("ebmbench.running.room.memory_on", lambda device: free)
    assert room_here(1).replicas_of(estimate, "cuda") == 1000
    monkeypatch.setattr("ebmbench.running.room.memory_on", lambda device: None)
    free = 2 * free  # another machine's GPU: as much as the workers' own memory
    monkeypatch.setattr("ebmbench.running.room.available_memory", lambda: free)
    assert room_here(1).replicas_of(estimate, "cuda") > 1000


@pytest.mark.parametrize(
    ("sampler", "options"),
    [(PTT, {"chains": 7, "reservoir": 3, "evaluation": True}),
     (PTT, {"chains": 7, "reservoir": 3, "evaluation": False}),
     (Jarzynski, {"chains": 7, "evaluation": 11})],
)  # fmt: skip
def test_a_state_for_planning_is_as_large_as_one_that_took_sweeps_and_takes_none(sampler, options):
    kernel = NumbaKernel(NumbaKernel.Options())
    model = RBM(RBM.Options(hidden=4, bias=True), 6, Noise([0, 1], "model"))
    rows = torch.ones(2, 3, 6)
    known = (model, splits_of(rows, rows), Noise([0, 1], "start"))
    started = sampler(sampler.Options(**options), kernel).start(*known)
    blank = sampler(sampler.Options(**options), None).blank(*known)
    assert held(blank) == held(started)
