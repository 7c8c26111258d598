"""Suites run from Python: what is a suite, what is refused, and scripts without a guard."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import get_type_hints

import pytest
import yaml

import ebmbench
from ebmbench.api.executors import ExecutorChoice
from ebmbench.commands.run import run as command
from ebmbench.suite.keys import Keep
from support.command_line import ebmbench as on_the_command_line
from support.suites import SMALL, write

ROOT = Path(__file__).parents[2]


def run(suite, folder, **more):
    return ebmbench.run(suite, runs=folder / "runs", jobs=0, progress=False, **more)


def test_a_suite_is_a_file_a_text_or_a_mapping_and_the_same_cells(tmp_path):
    file = write(tmp_path)
    ways = [file, str(file), SMALL, yaml.safe_load(SMALL)]
    runs = [run(way, tmp_path, seeds=1, quick=True) for way in ways]
    assert len({each.document.cells for each in runs}) == 1
    assert all(record.status == "done" for record in runs[-1].records)


LIMITED = SMALL.replace("epochs: 3}", "epochs: 3, time_limit: 9}")


def test_a_time_limit_without_workers_is_a_note(tmp_path):
    said = "train.time_limit: 9 s have no effect without worker processes"
    (note,) = run(LIMITED, tmp_path, seeds=1, quick=True).document.notes
    assert note.startswith(said)
    file = write(tmp_path, LIMITED)
    for jobs, is_told in (("0", True), ("1", False)):
        ended = on_the_command_line("run", file, "--jobs", jobs, "--dry-run")
        assert (f"note: {file}:19:32: {said}" in ended.err) is is_told
    assert said not in on_the_command_line("run", write(tmp_path), "--jobs", "0", "--dry-run").err


def test_suite_command_line_and_python_agree_on_what_may_be_kept():
    for door in (ebmbench.run, command):
        assert get_type_hints(door)["keep"] == Keep | None


def test_what_is_there_is_not_run_again(tmp_path):
    first = run(SMALL, tmp_path, seeds=1, quick=True)
    files = {file: file.stat().st_mtime_ns for file in first.folder.glob("cells/*")}
    assert files
    run(SMALL, tmp_path, seeds=1, quick=True)
    assert files == {file: file.stat().st_mtime_ns for file in first.folder.glob("cells/*")}


def test_options_change_the_suite_as_on_the_command_line(tmp_path):
    found = run(
        SMALL, tmp_path, seeds=[3, 7], only="CD-2", epochs=1, set={"methods.CD-2.sampler.k": 1}
    )
    document = found.document
    assert document.seeds == (3, 7)
    assert document.methods == ("CD-2",)
    assert document.epochs == 1
    assert document.components.methods["CD-2"].sampler.options["k"] == 1


@pytest.mark.parametrize(
    ("suite", "says"),
    [
        (SMALL.replace("k: 2", "kk: 2"), "suite:16:25: methods.CD-2.sampler.kk: no such option"),
        ("nowhere.yaml", "nowhere.yaml: no such file"),
        ({**yaml.safe_load(SMALL), "seeds": object()}, "cannot be written as YAML"),
        ({**yaml.safe_load(SMALL), "sedes": 3}, "sedes: no such option. Did you mean 'seeds'?"),
    ],
)
def test_a_wrong_suite_is_an_error_that_says_the_place(suite, says, tmp_path):
    with pytest.raises(ebmbench.ConfigError) as error:
        run(suite, tmp_path)
    assert says in str(error.value)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"seeds": "x"}, "seeds: 'x': not whole numbers"),
        ({"seeds": [1.5]}, "seeds: [1.5]: not whole numbers"),
        ({"jobs": "2"}, "jobs: '2': not a number"),
        ({"jobs": -1}, "jobs: -1: not a number"),
        ({"set": ["a"]}, "set: not a mapping"),
        ({"set": {"methods.CD-2.sampler.k": object()}}, "cannot be written as YAML"),
        ({"keep": "all"}, "keep"),
    ],
)
def test_wrong_options_are_errors_too(options, says, tmp_path):
    with pytest.raises(ebmbench.ConfigError) as error:
        ebmbench.run(SMALL, runs=tmp_path, progress=False, **options)
    assert says in str(error.value)


@pytest.mark.parametrize("suite", [42, None, ["suite"]])
def test_what_is_no_suite_is_told(suite, tmp_path):
    with pytest.raises(ebmbench.ConfigError, match="is no suite"):
        run(suite, tmp_path)


def test_a_wrong_device_is_refused(tmp_path):
    with pytest.raises(ebmbench.ConfigError, match="no such device"):
        run(SMALL, tmp_path, device="warp")


def test_a_script_without_a_guard_runs_its_workers_once(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "import ebmbench\n"
        "print('begun')\n"
        f"run = ebmbench.run({str(write(tmp_path))!r}, quick=True, seeds=2, jobs=2)\n"
        "print(run)\n"
    )
    ended = subprocess.run(
        [sys.executable, script], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.count("begun") == 1
    assert "4 of 4 cells done" in ended.stdout
    assert "Traceback" not in ended.stderr


def test_the_documented_script_does_what_it_says(tmp_path):
    (tmp_path / "suites").symlink_to(ROOT / "suites")
    script = ROOT / "docs/notebook.py"
    code = [line for line in script.read_text().splitlines() if line.strip()]
    assert len(code) < 25
    ended = subprocess.run(
        [sys.executable, script],
        cwd=tmp_path,
        env={"MPLBACKEND": "agg", "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert "# smoke" in ended.stdout
    assert "mean free energy of 100 samples" in ended.stdout
    assert (tmp_path / "hamming.png").read_bytes().startswith(b"\x89PNG")
    assert script.read_text() in (ROOT / "docs/python.md").read_text()


def test_a_gpu_has_one_worker_unless_more_are_asked_for():
    assert ExecutorChoice().on("cuda").jobs == 1
    assert ExecutorChoice().on("cpu").jobs is None
    assert ExecutorChoice(jobs=3).on("cuda").jobs == 3
    assert ExecutorChoice(jobs=0).on("cuda").here
    assert ExecutorChoice(name="dask").on("cuda").jobs is None
