"""Every command on a page does what the page says, as it stands there and in the page's order."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from support.fresh_environment import FreshEnvironment

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
PROJECT = ROOT / "tests/thirdparty/ebmbench-mean-field"

ELSEWHERE = {
    "python3 -m venv .venv": "the environment is made here",
    ". .venv/bin/activate": "the environment is made here",
    "pip install -c constraints.txt -e .": "by the README's test command",
    "pip install ./plugins/contrib/": "needs the other libraries",
    "ebmbench run suites/peers.yaml": "needs the other libraries; tests/plugins/test_peers.py",
    "ebmbench compare --speed": "needs the repository; tests/compare/test_race.py",
    'ebmbench run suites/bars4.yaml --shard "$SLURM': "needs SLURM; tests/commands/test_status.py",
    "python reports/speed/measure.py": "takes an hour",
}
"""What is not run here, by how it begins, and why, or where it is."""
WHOLE = {"index.md"}  # trains suites/bars4.yaml as it is, which .ci/run does with --quick


def commands(page):
    """The lines of the page's shell blocks, without what they show."""
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", page.read_text(), re.M | re.S)
    lines = [line for kind, text in blocks if kind in ("", "bash") for line in text.splitlines()]
    return [line for line in lines if re.match(r"(ebmbench|pip|python3?|pytest|git|\.) ", line)]


def suites(page):
    """Suites that stand on the page, by name."""
    written = re.findall(r"```yaml\n(.*?)```", page.read_text(), re.S)
    return {
        found[1]: text for text in written if (found := re.search(r"^suite: (\S+)", text, re.M))
    }


@pytest.fixture
def folder(tmp_path):
    """What a reader has before the first page: a clone, and the project of the tutorial."""
    for name in ("suites", "baselines"):
        shutil.copytree(ROOT / name, tmp_path / "clone" / name)
    build_outputs = shutil.ignore_patterns("*.egg-info", "build", "__pycache__")
    shutil.copytree(PROJECT, tmp_path / "clone" / PROJECT.name, ignore=build_outputs)
    return tmp_path / "clone"


@pytest.fixture
def shell(tmp_path, folder):
    """Runs a line in a virtual environment of its own."""
    environment = FreshEnvironment(tmp_path / "venv")
    starter = environment.python.parent / "ebmbench"
    starter.write_text(f'#!/bin/sh\nexec "{environment.python}" -m ebmbench "$@"\n')
    starter.chmod(0o755)
    variables = os.environ | {"PATH": f"{starter.parent}{os.pathsep}{os.environ['PATH']}"}

    def run(line):
        if found := re.match(r"pip install (\./\S+)$", line):
            return environment.install(folder / found[1])
        ended = subprocess.run(
            line, shell=True, cwd=folder, env=variables, capture_output=True, text=True, check=False
        )
        assert ended.returncode == 0, f"{line}\n{ended.stdout}{ended.stderr}"
        return None

    return run


@pytest.mark.soak  # whole suites
@pytest.mark.parametrize(
    "page",
    [
        pytest.param(page, id=page.name, marks=[pytest.mark.long] * (page.name in WHOLE))
        for page in PAGES
        if commands(page)
    ],
)
def test_every_command_on_a_page_works(page, folder, shell):
    for name, text in suites(page).items():
        (folder / f"{name}.yaml").write_text(text)
    for line in commands(page):
        if not line.startswith(tuple(ELSEWHERE)):
            shell(line)


def test_what_is_not_run_here_stands_on_some_page():
    lines = [line for page in PAGES for line in commands(page)]
    for start in ELSEWHERE:
        assert any(line.startswith(start) for line in lines), start
