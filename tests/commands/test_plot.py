"""What `plot` writes and says."""

import csv
import json

import pytest

from support.command_line import ebmbench
from support.suites import write


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """A finished run of the small suite."""
    folder = tmp_path_factory.mktemp("plot")
    ended = ebmbench("run", write(folder), "--runs", folder / "runs", "--jobs", 0)
    assert ended.code == 0, ended.err
    return folder / "runs"


def plot(runs, *arguments):
    return ebmbench("plot", "small", *arguments, "--runs", runs)


def test_without_a_figure_all_are_listed_with_what_they_show(runs):
    ended = plot(runs)
    assert ended.code == 0
    for name in ("hamming", "nll", "pareto", "cost"):
        assert f"\n{name} " in ended.out
    listed = json.loads(plot(runs, "--json").out)
    assert [each["figure"] for each in listed] == ["hamming", "nll", "pareto", "cost"]
    assert all(each["shows"] for each in listed)


def test_a_figure_comes_with_its_numbers_and_a_table(runs, tmp_path):
    file = tmp_path / "figures" / "f.svg"
    file.parent.mkdir()
    ended = plot(runs, "nll.test", "-o", file, "--latex", "--seeds", "curves")
    assert ended.code == 0, ended.err
    assert [each.name for each in sorted(file.parent.iterdir())] == ["f.csv", "f.svg", "f.tex"]
    assert f"{file}, {file.with_suffix('.csv')}, {file.with_suffix('.tex')}" in ended.out
    with file.with_suffix(".csv").open() as table:
        rows = list(csv.DictReader(table))
    assert {row["value_of"] for row in rows} == {"nll.test"}
    assert {row["seed"] for row in rows} == {"mean", "0", "1", "2"}


def test_files_are_told_to_machines(runs, tmp_path):
    (found,) = json.loads(plot(runs, "cost", "-o", tmp_path / "c.pdf", "--json").out)
    assert found["picture"] == str(tmp_path / "c.pdf")
    assert found["table"] is None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nl"], "no such figure: 'nl'. Did you mean 'nll'?"),
        (["nll", "--metric", "nll.tets"], "Did you mean 'nll.test'?"),
        (["nll", "--only", "CD2"], "no such method: 'CD2'. Did you mean 'CD-2'?"),
        (["nll", "--dataset", "bas"], "no such dataset: 'bas'"),
        (["nll", "--width", "triple"], "no such width: 'triple'"),
        (["nll", "-o", "f.docx"], "no format"),
        (["cost", "--x", "updates"], "does not run along updates"),
        (["cost", "--roofline", "missing.json"], "missing.json: No such file"),
    ],
)
def test_a_mistake_is_a_line_and_exit_code_2(runs, arguments, said):
    ended = plot(runs, *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err
    assert "Traceback" not in ended.err


def test_a_report_shows_updates_against_the_roofline_that_it_is_given(runs, tmp_path):
    file = tmp_path / "cost.json"
    file.write_text(json.dumps({"floor": {"macs": 1e9, "randoms": 1e9, "bytes": 1e9}}))
    where = ("--runs", runs, "--format", "html")
    for given, is_there in (([], False), (["--roofline", file], True)):
        assert ebmbench("report", "small", *where, *given).code == 0
        page = (runs / "small/report/index.html").read_text()
        assert ('"floor":{' in page) == is_there
    ended = ebmbench("report", "small", "--roofline", tmp_path / "none.json", "--runs", runs)
    assert (ended.code, "none.json: No such file" in ended.err) == (2, True)


def test_the_roofline_is_read_from_what_cost_printed(runs, tmp_path):
    file = tmp_path / "cost.json"
    file.write_text(json.dumps({"floor": {"macs": 1e9, "randoms": 1e12, "bytes": 1e15}}))
    ended = plot(runs, "cost", "-o", tmp_path / "c.svg", "--roofline", file, "--data", "jsonl")
    assert ended.code == 0, ended.err
    rows = [json.loads(line) for line in (tmp_path / "c.jsonl").read_text().splitlines()]
    for row in rows:
        assert row["floor_seconds"] == pytest.approx(row["macs"] / 1e9)
    file.write_text("{}")
    assert "not what `ebmbench cost --json` prints" in plot(runs, "cost", "--roofline", file).err
