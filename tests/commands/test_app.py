"""What the commands print, for people and for machines."""

import csv
import io
import json
from importlib.metadata import version

import numpy as np
import pytest

from ebmbench.interfaces.cost import Cost
from ebmbench.interfaces.installed.registry import FAMILIES, Registry
from support.command_line import ebmbench
from support.suites import SMALL, write

COLUMNS = ["dataset", "method", "seed", "metric", "epoch", "update", "seconds", "value"]
COST_COLUMNS = {"dataset", "method", "update_seconds", "negative_seconds", "macs", "randoms"}


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A finished run of the small suite: the folder of runs, and what the command said."""
    folder = tmp_path_factory.mktemp("cli")
    ended = ebmbench("run", write(folder), "--runs", folder / "runs", "--jobs", 0, "--json")
    assert ended.code == 0, ended.err
    return folder / "runs", json.loads(ended.out)


def test_run_prints_one_json_document(finished):
    runs, said = finished
    assert said["run"] == str(runs / "small")
    assert said["exit_code"] == 0
    assert {row["method"] for row in said["summary"]["boards"][0]["rows"]} == {"RAPID", "CD-2"}


def test_the_run_lies_where_others_look_for_it(finished):
    runs, _ = finished
    assert len(list((runs / "small/cells").glob("*.json"))) == 6
    assert (runs / "small/report/README.md").is_file()


def test_the_report_is_written_again_from_the_journal(finished):
    page = finished[0] / "small/report/README.md"
    before = page.read_text()
    page.unlink()
    assert ebmbench("report", "small", "--runs", finished[0]).code == 0
    assert page.read_text() == before


def test_export_gives_one_row_per_value_with_exactly_these_columns(finished):
    runs, _ = finished
    rows = [
        json.loads(line) for line in ebmbench("export", "small", "--runs", runs).out.splitlines()
    ]
    assert all(list(row) == COLUMNS for row in rows)
    names = {row["metric"] for row in rows}
    assert names == {"hamming.train", "hamming.test", "nll.train", "nll.test", "nll.log_z"}
    table = ebmbench("export", runs / "small", "--format", "csv").out
    read = list(csv.DictReader(io.StringIO(table)))
    assert list(read[0]) == COLUMNS
    assert len(read) == len(rows) == 6 * (2 * 4 + 3 * 3)  # epochs 0 to 3; 0, 2 and 3


def test_export_of_costs_gives_one_row_per_method(finished):
    out = ebmbench("export", "small", "--what", "cost", "--runs", finished[0]).out
    rows = [json.loads(line) for line in out.splitlines()]
    assert [row["method"] for row in rows] == ["RAPID", "CD-2"]
    assert set(rows[0]) >= COST_COLUMNS | {"bytes"}
    assert 0 < rows[0]["negative_seconds"] < rows[0]["update_seconds"]
    assert rows[0]["randoms"] == 0


def test_export_to_a_file(finished, tmp_path):
    file = tmp_path / "values.csv"
    ebmbench("export", "small", "--format", "csv", "-o", file, "--runs", finished[0])
    assert file.read_text().splitlines()[0] == ",".join(COLUMNS)


def test_list_shows_every_component_with_its_plugin_and_version():
    listed = json.loads(ebmbench("list", "--json").out)
    screen = ebmbench("list").out
    registry = Registry.discover()
    for family in FAMILIES:
        assert [row["name"] for row in listed[family]] == registry.names(family)
        assert all(row["plugin"] and row["version"] and row["about"] for row in listed[family])
        assert all(row["name"] in screen for row in listed[family])


def test_info_shows_formula_options_bounds_and_source():
    screen = ebmbench("info", "sampler", "cd").out
    for part in ("<dF>_model", "Hinton 2002", "k", ">= 1", "Gibbs steps per update"):
        assert part in screen
    options = json.loads(ebmbench("info", "model", "ra-rbm", "--json").out)["options"]
    assert "binarize.rule" in [option["name"] for option in options]


@pytest.mark.parametrize("family", FAMILIES)
def test_info_works_for_every_component(family):
    for name in Registry.discover().names(family):
        assert ebmbench("info", family, name).code == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["info", "sampler", "cdd"], "no such sampler: 'cdd'. Did you mean 'cd'?"),
        (["info", "smapler", "cd"], "no such family: 'smapler'. Did you mean 'sampler'?"),
        (["report", "nothing", "--runs", "/nonexistent"], "no such run. Run a suite first"),
        (["export", "nothing", "--runs", "/nonexistent"], "no such run"),
        (["run", "suite.yaml", "--what"], "No such option: --what"),
        (["export", "small", "--format", "xml"], "'xml'"),
    ],
)
def test_a_wrong_command_exits_with_2_and_says_why(arguments, says):
    ended = ebmbench(*arguments)
    assert ended.code == 2
    assert says in ended.err
    assert "Traceback" not in ended.err


def test_validate_says_so_or_lists_the_problems(tmp_path):
    assert "valid, 6 cells: 2 methods x 3 seeds" in ebmbench("validate", write(tmp_path)).out
    good = json.loads(ebmbench("validate", write(tmp_path), "--json").out)
    assert good["valid"]
    assert len(good["cells"]) == 6
    ended = ebmbench("validate", write(tmp_path, SMALL.replace("k: 2", "kk: 2")), "--json")
    assert ended.code == 2
    (problem,) = json.loads(ended.out)["problems"]
    assert problem["path"] == "methods.CD-2.sampler.kk"
    assert problem["remedy"] == "Did you mean 'k'?"


def test_a_dry_run_prints_the_plan_and_runs_nothing(tmp_path):
    text = SMALL.replace("size: 3}", "size: 5}")
    ended = ebmbench("run", write(tmp_path, text), "--dry-run", "--runs", tmp_path / "runs")
    assert ended.code == 0
    for part in ("6 cells", "RAPID", "MACs/"):
        assert part in ended.out
    assert not (tmp_path / "runs").exists()


def test_a_dry_run_says_what_is_skipped_and_why(tmp_path):
    text = SMALL.replace("size: 3}", "size: 5}").replace("hidden: 11}", "hidden: 31}")
    out = ebmbench("run", write(tmp_path, text), "--dry-run").out.replace("\n", " ")
    assert "skipped: CD-2 on bars3, metric nll" in out
    assert "too many units to enumerate" in out


@pytest.mark.parametrize("command", [("validate",), ("run", "--dry-run")], ids=" ".join)
def test_numbers_that_json_does_not_know_are_printed_all_the_same(tmp_path, command, monkeypatch):
    counted = Cost(macs=np.int64(7))
    monkeypatch.setattr("ebmbench.plan.estimate.Estimate.per_update", counted)
    ended = ebmbench(*command, write(tmp_path), "--json")
    assert {row["macs"] for row in json.loads(ended.out)["cost"]} == {"7"}


def test_a_failing_error_in_json_mode_is_json_too(tmp_path):
    ended = ebmbench("run", tmp_path / "none.yaml", "--json")
    assert ended.code == 2
    assert json.loads(ended.out)["problems"][0]["problem"] == "no such file"


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "runs").write_text("a file where the folder should be")
    ended = ebmbench("run", write(tmp_path), "--runs", tmp_path / "runs", "--jobs", 0)
    assert ended.code == 2
    assert str(tmp_path / "runs") in ended.err
    assert "Traceback" not in ended.err


def test_version_is_the_installed_one():
    assert ebmbench("--version").out == f"ebmbench {version('ebmbench')}\n"


def test_help_names_every_command():
    out = ebmbench("--help").out
    for command in ("run", "report", "export", "list", "info", "validate"):
        assert command in out
