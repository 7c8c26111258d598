"""The GitHub Action's script, run as a job runs it, with ebmbench played by a recorder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ACTION = yaml.safe_load((Path(__file__).parents[1] / "action.yml").read_text())
RECORDER = """\
#!{python}
import os, sys
open(os.environ["CALLS"], "a").write("|".join(sys.argv[1:]) + "\\n")
if sys.argv[1] == "run":
    print('{{"run": "runs/smoke"}}')
    sys.exit(int(os.environ.get("RUN_CODE", 0)))
if "markdown" in sys.argv:
    print("## table")
sys.exit(int(os.environ.get("CODE", 0)))
"""


@pytest.fixture
def job(tmp_path):
    """Runs the last step; its exit code, the calls of ebmbench, and the job's summary."""
    program = tmp_path / "ebmbench"
    program.write_text(RECORDER.format(python=sys.executable))
    program.chmod(0o755)
    (tmp_path / "python").symlink_to(sys.executable)

    def run(**environment):
        inputs = {"SUITE": "s.yaml", "BASELINE": "b.jsonl", "FAIL_ON": "", "STRICT": "false",
                  "JUNIT": "j.xml", "CALLS": str(tmp_path / "calls"),
                  "GITHUB_STEP_SUMMARY": str(tmp_path / "summary")}  # fmt: skip
        script = ACTION["runs"]["steps"][-1]["run"]
        path = f"{tmp_path}:{os.environ['PATH']}"
        bash = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
        env = {**inputs, "PATH": path, **environment}
        ended = subprocess.run(bash, env=env, check=False)
        calls = (tmp_path / "calls").read_text().splitlines()
        summary = tmp_path / "summary"
        return ended.returncode, calls, summary.read_text() if summary.exists() else ""

    return run


def test_it_runs_the_suite_and_compares_it_in_three_ways(job):
    code, calls, summary = job()
    assert code == 0
    assert calls == [
        "run|s.yaml|--json",
        "compare|b.jsonl|runs/smoke|--format|markdown",
        "compare|b.jsonl|runs/smoke|--format|junit|-o|j.xml",
        "compare|b.jsonl|runs/smoke",
    ]
    assert summary == "## table\n"


def test_a_failed_gate_fails_the_job_after_the_summary_is_written(job):
    code, calls, summary = job(CODE="1")
    assert (code, len(calls), summary) == (1, 4, "## table\n")


def test_gates_come_one_a_line(job):
    _, calls, _ = job(FAIL_ON="hamming.test: 5%\nnll.test: 0.1\n", STRICT="true")
    assert calls[-1].endswith("|--fail-on|hamming.test: 5%|--fail-on|nll.test: 0.1|--strict")


def test_failed_cells_are_still_compared_and_a_wrong_suite_is_not(job):
    assert len(job(RUN_CODE="3")[1]) == 4
    code, calls, _ = job(RUN_CODE="2")
    assert (code, len(calls)) == (2, 5)


def test_every_input_is_described_and_handed_over():
    described = {name.upper().replace("-", "_") for name in ACTION["inputs"]}
    handed = set().union(*(step["env"] for step in ACTION["runs"]["steps"]))
    assert described == handed - {"ACTION"}
