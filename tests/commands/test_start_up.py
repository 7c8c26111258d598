"""What commands must not import before they use it: by name, not by time."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

import ebmbench
from support.suites import SMALL, write

HEAVY = [  # numba looks at the version of scipy: its parts are what takes time
    "matplotlib",
    "scipy.linalg",
    "scipy.sparse",
    "scipy.special",
    "scipy.stats",
    "sklearn",
    "torch._dynamo",
    "torch._inductor",
]
NOT_FOR_HELP = ["numba", "numpy", "pydantic", "torch", "yaml"]
LOOK = """
import contextlib, io, json, sys
from ebmbench.commands.app import main
sys.argv = ["ebmbench", *json.loads(sys.argv[1])]
with contextlib.redirect_stdout(io.StringIO()):
    try:
        main()
    except SystemExit as ended:
        code = ended.code or 0
print(json.dumps([code, list(sys.modules)]))
"""
COMMANDS = [
    *(
        "run",
        "plan",
        "report",
        "view",
        "publish",
        "status",
        "export",
        "plot",
        "cite",
        "sample",
        "compare",
        "baseline",
        "list",
        "plugins",
        *("schema", "clean"),
    ),
    *("info", "test", "new", "doctor", "cost", "validate"),
]


def imported(*arguments):
    """The modules that are there after a command."""
    command = [sys.executable, "-c", LOOK, json.dumps(list(map(str, arguments)))]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    code, modules = json.loads(ended.stdout)
    assert code == 0, ended.stderr
    return modules


@pytest.mark.parametrize("arguments", [["--help"], *([name, "--help"] for name in COMMANDS)])
def test_help_imports_nothing_that_computes(arguments):
    assert {*HEAVY, *NOT_FOR_HELP} & set(imported(*arguments)) == set()


@pytest.mark.parametrize("arguments", [["list"], ["info", "sampler", "cd"], ["plugins"]])
def test_looking_at_what_is_installed_imports_nothing_heavy(arguments):
    assert {*HEAVY, "numba"} & set(imported(*arguments)) == set()


@pytest.mark.parametrize("arguments", [["validate"], ["run", "--dry-run"]])
def test_planning_imports_nothing_heavy(arguments, tmp_path):
    command, *options = arguments
    assert {*HEAVY, "numba"} & set(imported(command, write(tmp_path), *options)) == set()


def test_reading_numbers_and_drawing_samples_imports_nothing_heavy(tmp_path):
    run = ebmbench.run(
        SMALL, seeds=1, quick=True, keep="parameters", runs=tmp_path, jobs=0, progress=False
    )
    heavy = set(HEAVY)
    output = ("-o", tmp_path / "out")
    assert heavy & set(imported("export", run.folder, *output)) == set()
    assert heavy & set(imported("baseline", run.folder, *output)) == set()
    drawn = {module for module in heavy if not module.startswith("scipy")}  # numba has parts of it
    options = ("--method", "CD-2", "-n", 7, "--steps", 3)
    assert drawn & set(imported("sample", run.folder, *options, *output)) == set()


def test_importing_the_front_door_imports_nothing():
    look = "import json, sys, ebmbench; print(json.dumps(list(sys.modules)))"
    ended = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert {*HEAVY, *NOT_FOR_HELP} & set(json.loads(ended.stdout)) == set()


def test_every_command_is_looked_at():
    import typer

    from ebmbench.commands.app import app

    assert sorted(typer.main.get_command(app).commands) == sorted(COMMANDS)
