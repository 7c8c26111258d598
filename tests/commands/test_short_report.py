"""`ebmbench report --short`: what a pull request or a job's summary shows."""

from support.command_line import ebmbench
from support.suites import SMALL, write


def test_it_prints_markdown_and_writes_nothing(tmp_path):
    file, runs = write(tmp_path, SMALL), tmp_path / "runs"
    assert ebmbench("run", file, "--runs", runs, "--seeds", "2", "--jobs", 0).code == 0
    (report,) = runs.glob("*/report")
    before = {each: each.stat().st_mtime_ns for each in report.iterdir()}
    ended = ebmbench("report", report.parent, "--short")
    assert ended.code == 0
    assert ended.out.startswith("# small\n")
    assert "**No verdict on bars3: 2 seeds tell nothing apart" in ended.out
    assert len(ended.out.splitlines()) < 60
    assert {each: each.stat().st_mtime_ns for each in report.iterdir()} == before
