"""One side of a race: a git revision, or an installed environment's Python, and its process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from ebmbench.errors import ConfigError, Problem

# A side runs its own server, wherever its version keeps it: they only share the protocol.
SERVERS = ("ebmbench.speed.round_server", "ebmbench.compare.round_server")
START = f"""
import importlib.util, json, runpy

def is_there(name):
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False

server = next(filter(is_there, {SERVERS}), None)
if server:
    runpy.run_module(server, run_name="__main__", alter_sys=True)
else:
    print(json.dumps({{"problem": "this version of ebmbench knows no races"}}))
"""
SOURCES = (".", "src", "plugins")  # where a checkout may keep its packages


class Contender(NamedTuple):
    """What runs a side: a Python, and what it is to import first."""

    name: str
    python: str
    path: Sequence[Path] = ()


class Server:
    """A running side."""

    def __init__(self, contender: Contender, suite: Path) -> None:
        self.name = contender.name
        path = [*map(str, contender.path), os.environ.get("PYTHONPATH", "")]
        self.process = subprocess.Popen(
            [contender.python, "-P", "-c", START, str(suite)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, path))},
            text=True,
        )
        self.methods = [tuple(names) for names in self._answer()["methods"]]

    def round(self, names: tuple[str, str]) -> float:
        """Seconds of an update of (dataset, method), now."""
        assert self.process.stdin
        print(json.dumps(names), file=self.process.stdin, flush=True)
        return float(self._answer())

    def stop(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.communicate()

    def _answer(self) -> Any:
        assert self.process.stdout
        line = self.process.stdout.readline()
        answer = json.loads(line) if line else {"problem": "it ended; see above"}
        if isinstance(answer, dict) and "problem" in answer:
            self.stop()
            remedy = "Race revisions that both know the suite."
            raise ConfigError(Problem(self.name, "", answer["problem"], remedy))
        return answer


@contextmanager
def contender(name: str, folder: Path) -> Iterator[Contender]:
    """The side called ``name``: a Python executable, else a revision, unpacked into ``folder``.

    Raises:
        ConfigError: it is neither.
    """
    if Path(name).is_file() and os.access(name, os.X_OK):
        yield Contender(name, name)
        return
    if _git("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}").returncode:
        remedy = "Give a commit, branch or tag of the repository here, or a Python executable."
        raise ConfigError(Problem(name, "", "no such revision and no such executable", remedy))
    tree = folder / "tree"
    _unpack(name, tree)
    sources = [tree / each for each in SOURCES if (tree / each).is_dir()]
    yield Contender(name, sys.executable, [_described(tree, folder / "described"), *sources])


def _unpack(revision: str, tree: Path) -> None:
    """The files of a revision, and no work tree: a race that is killed leaves no trace in git."""
    packed = tree.with_suffix(".tar")
    root = _git("rev-parse", "--show-toplevel").stdout.strip()
    made = _git("-C", root, "archive", "--format=tar", f"--output={packed}", revision)
    if made.returncode:
        problem = f"cannot be checked out: {made.stderr.strip()}"
        raise ConfigError(Problem(revision, "", problem, "Look whether the repository is whole."))
    with tarfile.open(packed) as archive:
        archive.extractall(tree, filter="data")
    packed.unlink()


def _described(tree: Path, folder: Path) -> Path:
    """A folder that says, before what is installed does, which plugins the checkout brings."""
    project = tomllib.loads((tree / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    name, version = project["name"], project.get("version", "0")
    information = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    information.mkdir(parents=True)
    (information / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", encoding="utf-8"
    )
    points = project.get("entry-points", {}).get("ebmbench", {})
    lines = ["[ebmbench]", *(f"{plugin} = {module}" for plugin, module in points.items())]
    (information / "entry_points.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def _git(*arguments: str) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(["git", *arguments], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        problem = Problem("git", "", "is not installed", "Give two Python executables.")
        raise ConfigError(problem) from None
