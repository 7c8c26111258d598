"""Machine code that cannot be kept is done without, with one line."""

import os
import subprocess
import sys

import pytest

from ebmbench.api.executors import ExecutorChoice, entered
from ebmbench.numerics import code_cache

NOWHERE = {"NUMBA_CACHE_LOCATOR_CLASSES": "numba.core.caching.IPythonCacheLocator"}
USED = """\
from numba import njit as plain
from ebmbench.numerics import kept, njit
@kept
@njit
def one(x):
    return x + 1
@njit(cache=True)
def two(x):
    return x + 2
@kept
@plain
def three(x):
    return x + 3
print(one(1), two(1), three(1))
"""


def ended(folder, *command, **environment):
    kept = {k: v for k, v in os.environ.items() if k != code_cache.SAID}
    return subprocess.run(
        [sys.executable, *map(str, command)],
        cwd=folder,
        env={**kept, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def used(folder, **environment):
    (folder / "used.py").write_text(USED)
    found = ended(folder, "used.py", **environment)
    assert found.stdout == "2 3 4\n", found.stderr
    return found.stderr


def test_where_no_folder_can_be_written_all_is_compiled_again_and_said_once(tmp_path):
    said = used(tmp_path, **NOWHERE)
    assert said.count("\n") == 1
    assert "Compiled code is not kept (no folder for it can be written)" in said
    assert "NUMBA_CACHE_DIR" in said


def test_a_broken_index_is_written_again(tmp_path):
    environment = {"NUMBA_CACHE_DIR": str(tmp_path / "cache")}
    assert used(tmp_path, **environment) == ""
    for file in (tmp_path / "cache").rglob("*.nb?"):
        file.write_bytes(b"cut short")
    assert used(tmp_path, **environment) == ""


@pytest.mark.parametrize("content", [b"", b"words", b"\x80\x05K\x01."])
def test_of_a_file_that_was_cut_short_nothing_is_read(tmp_path, content):
    file = cache_file(tmp_path)
    file.save("key", "data")
    assert file.load("key") == "data"
    for each in tmp_path.iterdir():
        each.write_bytes(content)
    assert file.load("key") is None
    file.save("key", "again")
    assert file.load("key") == "again"


def cache_file(folder):
    return code_cache._cache_file()(cache_path=str(folder), filename_base="x", source_stamp=())


def test_a_disk_that_refuses_is_said_once(tmp_path, monkeypatch, capfd):
    monkeypatch.delenv(code_cache.SAID, raising=False)
    file = cache_file(tmp_path / "none")
    for _ in range(2):
        file.save("key", "data")
    assert file.load("key") is None
    assert capfd.readouterr().err.count("Compiled code is not kept") == 1
    monkeypatch.delenv(code_cache.SAID)


def test_where_workers_start_it_is_said_before_and_not_by_them(tmp_path, monkeypatch, capfd):
    import numba.core.config

    monkeypatch.delenv(code_cache.SAID, raising=False)
    monkeypatch.setattr(
        numba.core.config, "CACHE_LOCATOR_CLASSES", NOWHERE["NUMBA_CACHE_LOCATOR_CLASSES"]
    )
    with entered(ExecutorChoice(jobs=1)):
        pass
    assert capfd.readouterr().err.count("Compiled code is not kept") == 1
    assert code_cache.SAID in os.environ  # which workers inherit
    monkeypatch.delenv(code_cache.SAID)
