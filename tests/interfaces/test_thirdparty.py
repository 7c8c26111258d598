"""A sampler written outside the repository installs and is ranked beside the built-ins."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from support.suites import SMALL, write

PROJECT = Path(__file__).parents[1] / "thirdparty" / "ebmbench-mean-field"
SUITE = SMALL.replace(
    "train:", "  Mean field: {extends: CD-2, sampler: {name: mean-field}}\ntrain:", 1
)


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """An environment in which pip has installed the project."""
    target = tmp_path_factory.mktemp("site")
    copy = tmp_path_factory.mktemp("source") / "project"
    subprocess.run(["cp", "-r", PROJECT, copy], check=True)
    install = ["pip", "install", "-q", "--no-deps", "--no-build-isolation", "--target", target]
    subprocess.run([sys.executable, "-m", *install, copy], check=True)
    return {**os.environ, "PYTHONPATH": str(target)}


def ebmbench(environment, *arguments):
    command = [sys.executable, "-m", "ebmbench", *map(str, arguments)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_it_is_ten_lines_of_python_and_six_of_toml():
    code = (PROJECT / "ebmbench_mean_field.py").read_text().splitlines()
    assert len([line for line in code if line.strip()]) <= 11  # one of them a docstring
    assert len((PROJECT / "pyproject.toml").read_text().splitlines()) <= 6


def test_it_is_listed_with_its_distribution(installed):
    listed = json.loads(ebmbench(installed, "list", "--json").stdout)
    (found,) = [row for row in listed["samplers"] if row["name"] == "mean-field"]
    assert found["distribution"] == "ebmbench-mean-field"
    assert found["version"] == "1.0"


def test_it_appears_in_a_report_beside_the_built_ins(installed, tmp_path):
    arguments = ("run", write(tmp_path, SUITE), "--runs", tmp_path / "runs", "--jobs", "0")
    ended = ebmbench(installed, *arguments)
    assert ended.returncode == 0, ended.stderr
    report = (tmp_path / "runs/small/report/README.md").read_text()
    for method in ("RAPID", "CD-2", "Mean field"):
        assert method in report
    assert "Mean field" in ended.stdout


TUNED = SUITE.replace(
    "  Mean field: {extends: CD-2, sampler: {name: mean-field}}",
    "  Mean field:\n    extends: CD-2\n    sampler: {name: mean-field}\n"
    "    tune: {optimizer.lr: {log: [1.0e-3, 0.1]}}",
).replace("train:", "tuning: {trials: 2, seeds: 2, metric: nll.test}\ntrain:", 1)


BUDGET = 20_000  # multiply-adds: some updates


def test_it_is_tuned_budgeted_and_ranked_as_the_built_ins_are(installed, tmp_path):
    overrides = ("--set", f"train={{until: {{macs: {BUDGET}}}, epochs: 100}}")
    arguments = ("run", write(tmp_path, TUNED), "--runs", tmp_path / "runs", "--jobs", "0")
    ended = ebmbench(installed, *arguments, *overrides)
    assert ended.returncode == 0, ended.stderr
    document = json.loads((tmp_path / "runs/small/run.json").read_text())
    (tuned,) = document["tuning"]["methods"]
    assert tuned["method"] == "Mean field"
    assert len(tuned["trials"]) == 2
    chosen = tuned["trials"][tuned["chosen"] - 1]["settings"]["optimizer.lr"]
    assert document["components"]["methods"]["Mean field"]["optimizer"]["lr"] == chosen
    cells = [json.loads(file.read_text()) for file in tmp_path.glob("runs/small/cells/*.json")]
    for cell in cells:  # to the update at which the budget is spent
        an_update = sum(cost["macs"] for cost in cell["cost"]["counted"].values())
        assert abs(cell["cost"]["updates"] * an_update - BUDGET) <= an_update
    assert {cell["method"] for cell in cells} >= {"Mean field", "CD-2"}
    report = (tmp_path / "runs/small/report/README.md").read_text()
    assert "MACs" in report
    assert re.search(r"^\| Mean field +\| optimizer.lr [0-9.e-]+ ", report, re.M)  # what was chosen
    heads, row = row_of(report, "Mean field")
    assert {"vs CD-2", "Place"} <= {*heads}
    assert re.fullmatch(r"[1-3](-[1-3])?", row[heads.index("Place")])
    assert re.match("better|worse|inconclusive|equivalent", row[heads.index("vs CD-2")])


def row_of(report, method):
    """The heads of a report's first table, the leaderboard, and a method's cells."""
    table = [line for line in report.splitlines() if line.startswith("| ")]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table]
    return rows[0], next(row for row in rows if row[0] == method)


def test_a_misspelt_name_of_it_is_told(installed, tmp_path):
    suite = write(tmp_path, SUITE.replace("mean-field", "mean-feild"))
    ended = ebmbench(installed, "validate", suite)
    assert ended.returncode == 2
    assert "Did you mean 'mean-field'?" in ended.stderr
