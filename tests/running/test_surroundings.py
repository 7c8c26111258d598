"""The folder of a run: full, read-only, or gone midway; and a plugin's file that is edited."""

import errno
import json
import os
import shutil
import subprocess
import sys

import pytest

from ebmbench.journal import whole_file
from support.command_line import ebmbench
from support.runs import records, run, start, suite_with, values, wait_for
from support.suites import SMALL, write

SLOW = suite_with("slow").replace("epochs: 3}", "epochs: 20}", 1)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS], ids=["full", "read-only"])
@pytest.mark.parametrize("after", [0, 1, 4])
def test_a_folder_that_takes_no_more_is_told_and_nothing_is_lost(
    code, after, tmp_path, monkeypatch
):
    written = []
    real = whole_file.write_bytes

    def refusing(file, content):
        if file.parent.name == "cells" and file.suffix == ".json":
            if len(written) >= after:
                raise OSError(code, os.strerror(code), str(file))
            written.append(file)
        real(file, content)

    for module in ("ebmbench.journal.stored", "ebmbench.journal.arrays"):
        monkeypatch.setattr(f"{module}.write_bytes", refusing)
    ended = run(tmp_path, SMALL, "--jobs", 0)
    assert ended.code == 2
    assert os.strerror(code) in ended.err
    assert "Nothing finished is lost" in ended.err
    assert "Traceback" not in ended.err
    assert len(records(tmp_path)) == after
    monkeypatch.undo()
    assert run(tmp_path, SMALL, "--jobs", 0).code == 0
    assert run(tmp_path / "whole", SMALL, "--jobs", 0).code == 0
    assert values(tmp_path) == values(tmp_path / "whole")


@pytest.mark.skipif(sys.platform != "linux", reason="mounts a small file system")
def test_a_disk_that_is_full_ends_workers_too_with_a_sentence(site, tmp_path):
    small = tmp_path / "disk"
    small.mkdir()
    mounted = ["mount", "-t", "tmpfs", "-o", "size=120k", "none", str(small)]
    if shutil.which("mount") is None or subprocess.run(mounted, capture_output=True).returncode:
        pytest.skip("may not mount a file system")
    try:
        ended = ebmbench("run", write(tmp_path, SMALL), "--runs", small / "runs", "--jobs", 2)
    finally:
        subprocess.run(["umount", str(small)], check=True)
    assert ended.code == 2, ended.out + ended.err
    assert "No space left on device" in ended.err
    assert "Traceback" not in ended.err


@pytest.mark.parametrize("jobs", [0, 2])
def test_a_folder_that_is_deleted_midway_is_made_again_or_told(jobs, site, tmp_path):
    command = start(site, tmp_path, SLOW, "--jobs", jobs)
    wait_for((tmp_path / "training").exists)
    shutil.rmtree(tmp_path / "runs/small")
    out, err = command.communicate(timeout=300)
    assert "Traceback" not in out + err
    assert command.returncode in (0, 2, 3), out + err
    assert command.returncode == 0 or err.strip()
    assert run(tmp_path, SLOW, "--jobs", 2).code == 0
    assert run(tmp_path / "whole", SLOW, "--jobs", 2).code == 0
    assert values(tmp_path) == values(tmp_path / "whole")


def test_editing_a_helper_file_of_a_plugin_is_named_and_runs_its_cells_alone(site, tmp_path):
    """In processes of their own: a plugin that is edited is loaded anew."""
    package = site / "awkward_helper.py"
    plugin = site / "awkward.py"
    before = plugin.read_text()
    package.write_text("SECONDS = 0.0\n")
    plugin.write_text("import awkward_helper\n" + before)
    try:
        file = write(tmp_path, suite_with("slow"))
        assert asked(site, tmp_path, "run", file, "--jobs", "0").returncode == 0
        first = finished(tmp_path)
        package.write_text("SECONDS = 0.0 + 0.0\n")
        told = asked(site, tmp_path, "status", file, "--why", "--json")
        (reason,) = json.loads(told.stdout)["reasons"]
        assert "awkward_helper" in reason
        assert asked(site, tmp_path, "run", file, "--jobs", "0").returncode == 0
        again = finished(tmp_path)
    finally:
        package.unlink()
        plugin.write_text(before)
    assert first.keys() < again.keys()
    assert {id_.split("--")[1] for id_ in again.keys() - first.keys()} == {"Awkward"}
    assert all(again[id_] == first[id_] for id_ in first)


def asked(site, folder, command, file, *options):
    line = [sys.executable, "-m", "ebmbench", command, file, "--runs", folder / "runs", *options]
    env = {**os.environ, "PYTHONPATH": str(site)}
    return subprocess.run(list(map(str, line)), env=env, capture_output=True, text=True)


def finished(folder):
    """When each record was written, by the ids of cells."""
    files = (folder / "runs/small/cells").glob("*.json")
    return {file.stem: file.stat().st_mtime_ns for file in files}
