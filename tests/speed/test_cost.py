"""Measuring one update: the training's own, with as many replicas as asked for."""

import json
from dataclasses import replace

import pytest
import torch

from ebmbench.plan.cell import Cell
from ebmbench.running.blocks.block import Block
from ebmbench.running.blocks.run_block import train_block
from ebmbench.running.blocks.update import Update
from ebmbench.speed import cost, roofline
from ebmbench.speed.cost import measure_suite, measure_update
from ebmbench.speed.roofline import Roofline
from ebmbench.training.stopwatch import PHASES, Stopwatch
from support.command_line import ebmbench
from support.suites import SMALL, plan, write

RATES = Roofline(macs=1e9, randoms=1e8, bytes=1e9)


@pytest.fixture(autouse=True)
def _quick_roofline(monkeypatch):
    monkeypatch.setattr(roofline, "SIDE", {"cpu": 31})
    monkeypatch.setattr(roofline, "DRAWS", {"cpu": (5, 7)})
    monkeypatch.setattr(roofline, "COPIED", {"cpu": 4096})


@pytest.fixture
def planned(tmp_path):
    return plan(tmp_path)


def recipes(planned):
    return {cell.recipe.method_name: cell.recipe for cell in planned.cells}


@pytest.mark.parametrize("method", ["RAPID", "CD-2"])
def test_the_update_is_the_trainings_own(method, planned):
    recipe, seeds = recipes(planned)[method], (3, 5)
    one = replace(recipe, metrics=(), epochs=1, batch=recipe.batch.model_copy(update={"size": 7}))
    update = Update(one, seeds)
    update.make(Stopwatch(update.device))
    block = Block(tuple(Cell(one, seed, str(seed)) for seed in seeds))
    outcome = train_block(block, lambda progress: None)
    assert outcome.updates == 1
    both = (update.learner.model, outcome.built.model)
    pairs = zip(*(model.parameters() for model in both), strict=True)
    assert all(torch.equal(mine, theirs) for mine, theirs in pairs)


def test_so_many_replicas_are_really_trained_side_by_side(planned, monkeypatch):
    recipe, seen = recipes(planned)["CD-2"], set()
    phase = recipe.model.component.phase

    def watched(model, particles):
        seen.add((model.replicas, len(particles.v)))
        return phase(model, particles)

    monkeypatch.setattr(recipe.model.component, "phase", watched)
    found = measure_update(recipe, planned.estimate(recipe).counted, 7, 1, RATES)
    assert seen == {(7, 7)}
    assert found.replicas == 7
    for name in PHASES:
        assert found.seconds[name] == pytest.approx(found.timings[name].median / 7)
    assert found.total_seconds == pytest.approx(sum(found.seconds.values()))
    assert found.limit.efficiency == pytest.approx(max(found.limit.seconds) / found.total_seconds)


def test_a_method_that_fails_takes_no_other_down(planned, monkeypatch):
    def fail(*arguments):
        raise ArithmeticError("it does not add up")

    monkeypatch.setattr(recipes(planned)["CD-2"].model.component, "phase", fail)
    told = []
    rapid, cd = measure_suite(planned, 2, 1, 1, told.append, isolated=False).methods
    assert "ArithmeticError: it does not add up" in cd.problem
    assert cd.measured == ()
    assert rapid.problem is None
    assert [measured.replicas for measured in rapid.measured] == [1, 2]
    assert told[-1] == "CD-2 on bars3"


def test_threads_are_as_before_afterwards(planned, monkeypatch):
    seen = []
    monkeypatch.setattr(
        cost,
        "measure_roofline",
        lambda device, threads: seen.append(torch.get_num_threads()) or RATES,
    )
    before = torch.get_num_threads()
    measure_suite(planned, 1, 1, 3, lambda what: None, isolated=False)
    assert seen == [3]
    assert torch.get_num_threads() == before


def test_the_command_prints_one_document_with_all_there_is(tmp_path):
    ended = ebmbench("cost", write(tmp_path), "--replicas", 5, "--rounds", 2, "--json")
    assert ended.code == 0, ended.err
    found = json.loads(ended.out)
    assert set(found["floor"]) == {"macs", "randoms", "bytes"}
    assert found["threads"] == 1
    assert [method["method"] for method in found["methods"]] == ["RAPID", "CD-2"]
    for method in found["methods"]:
        assert set(method["counted"]) == set(PHASES)
        assert [measured["replicas"] for measured in method["measured"]] == [1, 5]
        for measured in method["measured"]:
            assert set(measured["phases"]) == set(PHASES)
            for phase in measured["phases"].values():
                assert phase["of_all_replicas"]["rounds"] >= 2
                assert set(phase["floor_seconds"]) == {"macs", "randoms", "bytes"}


def test_the_screen_shows_every_method_alone_and_side_by_side(tmp_path):
    ended = ebmbench("cost", write(tmp_path), "--replicas", 5, "--rounds", 1, "--only", "CD-2")
    assert ended.code == 0, ended.err
    assert "Roofline:" in ended.out
    assert "bars3: measured" in ended.out
    assert "bars3: counted" in ended.out
    rows = [line.split()[1] for line in ended.out.splitlines() if line.startswith("CD-2")]
    assert rows[:2] == ["1", "5"]
    assert "RAPID" not in ended.out


def test_a_wrong_suite_is_told_with_its_place(tmp_path):
    ended = ebmbench("cost", write(tmp_path, SMALL.replace("k: 2", "kk: 2")))
    assert ended.code == 2
    assert "methods.CD-2.sampler.kk: no such option. Did you mean 'k'?" in ended.err
