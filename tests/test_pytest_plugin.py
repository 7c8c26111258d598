"""`pytest --ebmbench`: a test per gate."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from support.command_line import ebmbench
from support.suites import SMALL, write

pytest_plugins = ["pytester"]
SUITE = SMALL + "gates: {hamming.train: 5%}\n"


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """A folder with a suite, its run, and its baseline."""
    folder = tmp_path_factory.mktemp("plugin")
    (folder / "suites").mkdir()
    suite = write(folder / "suites", SUITE)
    assert ebmbench("run", suite, "--runs", folder / "runs", "--jobs", 0).code == 0
    ebmbench("baseline", "small", "--runs", folder / "runs", "-o", folder / "runs.jsonl")
    return folder


def outcomes(pytester, ran, *arguments, benchmark="--benchmark-disable"):
    """What pytest says, with the plugin alone."""
    result = pytester.inline_run(
        "--ebmbench", str(ran / "suites/small.yaml"), "--ebmbench-runs", str(ran / "runs"),
        "-p", "no:cacheprovider", benchmark, *map(str, arguments), plugins=_plugin()
    )  # fmt: skip
    return result.countoutcomes(), result


def _plugin():
    import pytest_ebmbench

    return [] if _installed() else [pytest_ebmbench]


def _installed():
    from importlib.metadata import entry_points

    return any(point.value == "pytest_ebmbench" for point in entry_points(group="pytest11"))


def test_each_method_and_gate_is_a_test_that_passes_against_its_own_baseline(pytester, ran):
    counts, result = outcomes(pytester, ran, "--ebmbench-baseline", ran / "runs.jsonl")
    assert counts == [4, 0, 0]
    names = [report.nodeid.split("::")[-1] for report in result.getreports()]
    assert "bars3: RAPID: hamming.train" in names
    assert "bars3: CD-2: trains" in names


def test_without_a_baseline_gates_are_skipped(pytester, ran):
    assert outcomes(pytester, ran)[0] == [2, 2, 0]


def test_a_failed_gate_fails_with_its_message_alone(pytester, ran):
    text = (ran / "runs.jsonl").read_text().splitlines()
    lines = []
    for line in map(json.loads, text):
        if line["kind"] == "cell" and line["method"] == "RAPID":
            line["values"]["hamming.train"] /= 2
        lines.append(json.dumps(line) + "\n")
    (ran / "half.jsonl").write_text("".join(lines))
    counts, result = outcomes(pytester, ran, "--ebmbench-baseline", ran / "half.jsonl")
    (failed,) = [report for report in result.getreports() if report.failed]
    assert counts == [3, 0, 1]
    assert str(failed.longrepr).startswith("bars3: RAPID: hamming.train failed its gate (fail 5%)")


def test_a_baseline_of_another_metric_fails_with_what_differs(pytester, ran):
    other = (ran / "runs.jsonl").read_text().replace('"samples": 7', '"samples": 5')
    (ran / "other.jsonl").write_text(other)
    counts, result = outcomes(pytester, ran, "--ebmbench-baseline", ran / "other.jsonl")
    failed = [report for report in result.getreports() if report.failed]
    assert counts == [2, 0, 2]
    assert "metrics.hamming.options.samples: 7, but 5" in str(failed[0].longrepr)


def test_a_suite_stands_beside_other_tests_that_are_named(pytester, ran):
    file = pytester.makepyfile("def test_it(): pass")
    pytester.makepyfile(test_unnamed="def test_it(): assert False")
    counts, _ = outcomes(pytester, ran, file)
    assert counts == [3, 2, 0]


def test_a_broken_suite_is_an_error_of_collection_with_its_place(pytester, ran):
    (ran / "suites/broken.yaml").write_text(SUITE.replace("k: 2", "kk: 2"))
    result = pytester.inline_run("--ebmbench", str(ran / "suites/broken.yaml"), plugins=_plugin())
    (report,) = [each for each in result.getreports() if each.failed]
    assert "methods.CD-2.sampler.kk: no such option. Did you mean 'k'?" in str(report.longrepr)


def test_with_pytest_benchmark_an_update_of_each_method_is_a_benchmark(pytester, ran, monkeypatch):
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)  # pytest-benchmark rests beside others
    short = ("--benchmark-min-rounds=1", "--benchmark-max-time=0.01")
    assert outcomes(pytester, ran, *short, benchmark="--benchmark-only")[0][0] == 2


def test_the_plugin_loads_neither_torch_nor_the_harness():
    code = "import sys, pytest_ebmbench; print({'torch', 'ebmbench'} & set(sys.modules))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout == "set()\n"
