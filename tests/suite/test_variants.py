"""Sweeps of methods and of datasets, and what the report section says of them."""

import pytest

from ebmbench.errors import ConfigError
from support.command_line import ebmbench
from support.suites import SMALL, read, write

SWEPT = SMALL.replace("k: 2}", "k: 2}\n    sweep: {sampler.k: [1, 3, 7]}")
SIZES = SMALL.replace(
    "bars3: {name: bars, size: 3}", "bars: {name: bars, sweep: {size: [3, 2], split: [all, half]}}"
)


def test_a_swept_dataset_is_a_grid_of_named_variants(tmp_path):
    text = SIZES.replace(", split: [all, half]", "")
    datasets = read(tmp_path, text).datasets
    assert {name: each.options.size for name, each in datasets.items()} == {
        "bars[size=3]": 3,
        "bars[size=2]": 2,
    }


def test_a_dataset_may_extend_another(tmp_path):
    more = "bars3: {name: bars, size: 3}\n  bars2: {extends: bars3, size: 2}"
    text = SMALL.replace("bars3: {name: bars, size: 3}", more)
    assert read(tmp_path, text).datasets["bars2"].options.size == 2


def test_a_suite_knows_what_its_sweeps_made(tmp_path):
    variants = read(tmp_path, SWEPT).variants["methods"]
    assert variants["CD-2[k=3]"] == ("CD-2", {"sampler.k": 3})
    assert variants["RAPID"] == ("RAPID", {})


def test_a_swept_methods_first_name_may_be_the_baseline(tmp_path):
    assert read(tmp_path, SWEPT).spec.report.baseline == "CD-2"


@pytest.mark.parametrize(
    ("report", "says"),
    [
        ("axes: {steps: [sampler.kk]}", "report.axes.steps.0: no method or dataset sweeps"),
        ("axes: {steps: []}", "report.axes.steps: List should have at least 1 item"),
        ("marks: {sampler.lr: {here: 1}}", "report.marks.sampler.lr: no method or dataset sweeps"),
        ("axes: {a: [sampler.k], b: [sampler.k]}", "report.axes.b.0: 'sampler.k' stands on"),
        ("marks: {sampler.k: {here: there}}", "report.marks.sampler.k.here: 'there'"),
    ],
)
def test_axes_and_marks_are_about_swept_options(report, says, tmp_path):
    text = SWEPT.replace("  baseline: CD-2", f"  baseline: CD-2\n  {report}")
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, text)
    (problem,) = caught.value.problems
    assert says in str(problem)


def test_a_datasets_sweep_must_map_options_to_lists(tmp_path):
    text = SIZES.replace("size: [3, 2]", "size: 3")
    with pytest.raises(ConfigError, match=r"datasets\.bars\.sweep: not a mapping of options"):
        read(tmp_path, text)


def test_a_suite_in_a_folder_of_suites_runs_under_its_own_name(tmp_path):
    (tmp_path / "suites/paper").mkdir(parents=True)
    file = write(tmp_path / "suites/paper", SWEPT)
    ended = ebmbench(
        "run", file, "--runs", tmp_path / "runs", "--jobs", 0, "--epochs", 1, "--seeds", 2
    )
    assert ended.code == 0, ended.err
    page = (tmp_path / "runs/small/report/README.md").read_text("utf-8")
    assert "bars3-hamming-over-sampler.k.png" in page
    assert (tmp_path / "runs/small/report/bars3-hamming-over-sampler.k.png").is_file()


HOSTILE_NAMES = ["<b>x</b>", "*x*", "[x](y)", "[red]x[/red]", "a|b", "条纹", "x" * 300, "bars ≤3"]
HOSTILE_NAMES += ["_CD", r"CD $\foo{$", "d $_x$"]


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_name_of_any_kind_runs_and_is_reported(name, tmp_path):
    text = SMALL.replace("  CD-2:\n", f"  {name!r}:\n").replace(
        "baseline: CD-2", f"baseline: {name!r}"
    )
    text = text.replace("bars3:", f"{name!r}:")
    suite = write(tmp_path, text)
    ended = ebmbench("run", suite, "--runs", tmp_path / "runs", "--jobs", 0, "--seeds", 2)
    assert ended.code == 0, ended.err
    page = (tmp_path / "runs/small/report/README.md").read_text("utf-8")
    assert "<b>" not in page.replace("\\<b>", "")
    assert page.count("\n![") == 2


def test_two_datasets_whose_names_are_spelt_alike_have_their_own_pictures(tmp_path):
    text = SMALL.replace(
        "bars3: {name: bars, size: 3}",
        "bars ≤3: {name: bars, size: 3}\n  bars >3: {name: bars, size: 4}",
    )
    ended = ebmbench(
        *("run", write(tmp_path, text), "--runs", tmp_path / "runs"),
        *("--jobs", 0, "--seeds", 2),
    )
    assert ended.code == 0, ended.err
    assert len([*(tmp_path / "runs/small/report").glob("*-hamming-*.png")]) == 2


@pytest.mark.parametrize("name", ["a\\nb", "\\e[2J", "\\u202ex"])
def test_a_control_character_in_a_name_is_told(name, tmp_path):
    with pytest.raises(ConfigError, match=r"small\.yaml:14:3: .*a name with a control character"):
        read(tmp_path, SMALL.replace("  CD-2:\n", f'  "{name}":\n'))
