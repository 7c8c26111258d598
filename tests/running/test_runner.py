"""Running: what is missing, and nothing else; crashes, hangs, divergence, kill -9, Ctrl-C."""

import signal
import time

import pytest

from ebmbench.plan.plan import block_sizes
from ebmbench.running.room import Room
from ebmbench.running.runner import blocks_of
from support.runs import numbers_of, records, run, start, suite_with, values, wait_for
from support.suites import SMALL, plan


@pytest.mark.parametrize("jobs", [0, 2])
def test_a_finished_run_runs_nothing_again(jobs, tmp_path):
    assert run(tmp_path, SMALL, "--jobs", jobs).code == 0
    before = {file: file.stat().st_mtime_ns for file in tmp_path.glob("runs/small/cells/*")}
    assert len(before) == 6
    ended = run(tmp_path, SMALL, "--jobs", jobs)
    assert ended.code == 0
    assert "0 cells to run" in ended.out
    assert before == {file: file.stat().st_mtime_ns for file in tmp_path.glob("runs/small/cells/*")}
    assert run(tmp_path, SMALL, "--jobs", 0, "--force").code == 0
    assert all(file.stat().st_mtime_ns > then for file, then in before.items())


def test_workers_and_blocks_change_no_number(tmp_path):
    here, workers, seeds = (tmp_path / name for name in ("here", "workers", "seeds"))
    run(here, SMALL, "--jobs", 0)
    run(workers, SMALL, "--jobs", 2)
    for some in ("[2]", "[0, 2]", "3"):
        run(seeds, SMALL, "--jobs", 0, "--seeds", some)
    assert values(here) == values(workers) == values(seeds)
    assert all(r["environment"]["threads"] == 1 for r in records(workers).values())


@pytest.mark.parametrize(
    ("sampler", "more", "says"),
    [
        ("raising", "", "ArithmeticError: it does not add up"),
        ("crashing", "", "its process died (exit code 9); out of memory, or a crash"),
        pytest.param(
            *("hanging", ", time_limit: 12", "longer than the time limit of 12 s"),
            marks=pytest.mark.soak,
        ),
    ],
)
def test_a_failed_block_is_recorded_with_its_reason_and_ends_nothing(sampler, more, says, tmp_path):
    ended = run(tmp_path, suite_with(sampler, more), "--jobs", 1)
    assert ended.code == 3, ended.err
    assert "Traceback" not in ended.err
    found = records(tmp_path)
    assert len(found) == 9
    for (method, _), record in found.items():
        assert record["status"] == ("failed" if method == "Awkward" else "done")
    assert says in found["Awkward", 0]["reason"]
    report = (tmp_path / "runs/small/report/README.md").read_text()
    assert says in report
    assert says.split()[0] in ended.out


def test_a_plugin_that_does_not_load_in_a_worker_fails_its_own_cells_only(monkeypatch, tmp_path):
    monkeypatch.setenv("UNLOADABLE", "1")
    assert run(tmp_path, suite_with("raising"), "--jobs", 1).code == 3
    found = records(tmp_path)
    assert "ImportError: not here" in found["Awkward", 0]["reason"]
    assert found["CD-2", 0]["status"] == "done"


def test_a_component_that_cannot_be_built_is_told_before_anything_runs(tmp_path):
    ended = run(tmp_path, suite_with("unbuildable"))
    assert ended.code == 2
    said = (
        "methods.Awkward: cannot be built for bars3: sampler 'unbuildable': RuntimeError: not today"
    )
    assert f"{said} (File" in ended.err
    assert "Traceback" not in ended.err
    assert not (tmp_path / "runs").exists()


def test_failed_cells_run_again_when_asked(tmp_path):
    text = suite_with("raising")
    assert run(tmp_path, text, "--jobs", 0).code == 3
    assert "0 cells to run" in run(tmp_path, text, "--jobs", 0).out
    assert "3 cells to run" in run(tmp_path, text, "--jobs", 0, "--retry-failed").out


def test_a_diverged_replica_is_marked_and_the_others_go_on(tmp_path):
    text = suite_with("diverging").replace("  - {name: nll", "  - {name: spectrum}\n  - {name: nll")
    assert run(tmp_path, text, "--jobs", 0).code == 3
    found = records(tmp_path)
    states = [found["Awkward", seed]["status"] for seed in range(3)]
    assert states == ["done", "diverged", "done"]
    assert "no longer finite after epoch 1" in found["Awkward", 1]["reason"]
    curve = found["Awkward", 1]["curves"]["hamming.test"]["value"]
    assert curve[0] is not None
    assert curve[1:] == [None] * (len(curve) - 1)
    assert None not in found["Awkward", 2]["curves"]["hamming.test"]["value"]


def test_a_failing_metric_costs_neither_the_training_nor_the_other_metrics(tmp_path):
    text = SMALL.replace("  - {name: nll", "  - {name: blind}\n  - {name: nll")
    ended = run(tmp_path, text, "--jobs", 0)
    assert ended.code == 3
    for record in records(tmp_path).values():
        assert record["status"] == "done"
        assert record["curves"]["blind"]["epoch"] == [0]
        assert record["curves"]["nll.test"]["epoch"][-1] == 3
        assert "at epoch 1: LookupError: nothing to see (File" in record["unmeasured"]["blind"]
    assert "without blind" in ended.out
    assert "0 cells to run" in run(tmp_path, text, "--jobs", 0).out
    assert "6 cells to run" in run(tmp_path, text, "--jobs", 0, "--retry-failed").out


SLOW = suite_with("slow").replace("epochs: 3}", "epochs: 30}", 1)


def test_kill_9_loses_only_what_was_not_finished(site, tmp_path):
    killed, whole = tmp_path / "killed", tmp_path / "whole"
    process = start(site, killed, SLOW, "--jobs", 1)
    wait_for(lambda: len(records(killed)) >= 3)
    process.kill()
    process.communicate()
    before = {file: file.stat().st_mtime_ns for file in killed.glob("runs/small/cells/*.json")}
    assert 3 <= len(before) < 9
    time.sleep(2)  # its worker ends with it, and writes nothing more
    assert len(records(killed)) == len(before)
    assert run(killed, SLOW, "--jobs", 1).code == 0
    after = {file: file.stat().st_mtime_ns for file in killed.glob("runs/small/cells/*.json")}
    assert before.items() <= after.items()
    assert run(whole, SLOW, "--jobs", 0).code == 0
    assert values(killed) == values(whole)
    assert numbers_of(killed) == numbers_of(whole)


def test_ctrl_c_says_how_to_go_on_and_leaves_a_resumable_run(site, tmp_path):
    process = start(site, tmp_path, SLOW, "--jobs", 1)
    wait_for(lambda: len(records(tmp_path)) >= 3)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=300)
    assert process.returncode == 130
    assert "Interrupted." in out
    assert "goes on from here" in out
    assert "Traceback" not in out + err
    assert run(tmp_path, SLOW, "--jobs", 0).code == 0
    assert len(records(tmp_path)) == 9


@pytest.mark.parametrize(
    ("methods", "workers", "sizes"),
    [(1, 2, [3, 3]), (3, 2, [3, 3] * 3), (9, 2, [6] * 9), (9, 6, [2, 2, 2] * 9)],
)
def test_many_methods_keep_their_seeds_side_by_side(methods, workers, sizes, tmp_path):
    """Where there are enough blocks for all workers, splitting them would only take longer."""
    alike = "".join(f"  CD {n}: {{extends: CD-2}}\n" for n in range(1, methods))
    first = SMALL[SMALL.index("  RAPID:") : SMALL.index("  CD-2:")]
    text = SMALL.replace(first, "").replace("train: {epochs: 3}", f"{alike}train: {{epochs: 3}}", 1)
    made = plan(tmp_path, text.replace("seeds: 3", "seeds: 6"))
    found = blocks_of(made, made.cells, Room(workers, None))
    assert [len(block.cells) for block in found] == sizes


def test_blocks_are_no_larger_than_allowed_and_keep_all_workers_busy():
    assert list(block_sizes(5, 1000, 2)) == [3, 2]
    assert list(block_sizes(10, 4, 2)) == [4, 3, 3]
    assert list(block_sizes(3, 1, 2)) == [1, 1, 1]
    assert list(block_sizes(1, 12, 2)) == [1]
