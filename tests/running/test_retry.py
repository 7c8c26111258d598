"""A block whose worker was lost is tried once more; what raises is not."""

import pytest

from support.runs import records, run, suite_with, values

ONE = ("--only", "Awkward", "--jobs", 1)


def test_a_block_whose_worker_crashed_is_tried_again(site, monkeypatch, tmp_path):
    monkeypatch.setenv("CRASHED", str(tmp_path / "crashed"))
    ended = run(tmp_path, suite_with("crashing-once"), *ONE)
    assert ended.code == 0, ended.err
    assert "now it happens" in ended.err
    assert {record["status"] for record in records(tmp_path).values()} == {"done"}


def test_a_block_that_crashes_twice_fails_with_all_that_is_known(site, tmp_path):
    assert run(tmp_path, suite_with("crashing"), *ONE).code == 3
    found = records(tmp_path)["Awkward", 0]
    assert "at each of 2 attempts" in found["reason"]
    assert found["failure"]["attempts"] == 2
    assert found["failure"]["exit_code"] == 9
    assert found["failure"]["memory"] > 1e7
    assert found["failure"]["seconds"] >= 0


@pytest.mark.parametrize("sampler", ["greedy", "killed"])
def test_a_block_that_found_no_memory_is_split_in_half(sampler, site, monkeypatch, tmp_path):
    ended = run(tmp_path, suite_with(sampler), *ONE, "--seeds", "2" if sampler == "killed" else "3")
    assert ended.code == 0, ended.err
    found = records(tmp_path)
    assert {record["status"] for record in found.values()} == {"done"}
    assert max(record["block"]["replicas"] for record in found.values()) <= 2
    monkeypatch.setenv("CRASHED", str(tmp_path))  # it does not crash
    alone = tmp_path / "alone"
    run(alone, suite_with("crashing-once"), *ONE)
    mine = {name for key in found for name in values(tmp_path)[key]}
    assert mine == {name for key in records(alone) for name in values(alone)[key]}


def test_a_half_that_finds_no_memory_either_fails_and_says_what_was_written(site, tmp_path):
    assert run(tmp_path, suite_with("killed"), *ONE).code == 3
    found = records(tmp_path)
    states = {seed: found["Awkward", seed]["status"] for seed in range(3)}
    assert states == {0: "failed", 1: "failed", 2: "done"}
    lost = found["Awkward", 0]
    assert "killed, as where memory runs out, at each of 2 attempts" in lost["reason"]
    assert lost["failure"]["exit_code"] == -9
    assert lost["failure"]["last_lines"] == ["so large"]


def test_what_raises_is_not_tried_again(site, tmp_path):
    assert run(tmp_path, suite_with("raising"), *ONE).code == 3
    assert records(tmp_path)["Awkward", 0]["failure"]["attempts"] == 1
