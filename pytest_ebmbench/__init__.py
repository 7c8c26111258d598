"""The pytest plugin: ``pytest --ebmbench suites/smoke.yaml`` makes a test of every gate.

A package of its own, because it is loaded in every pytest run where ebmbench is installed: it
imports neither ebmbench nor torch until a suite is asked for.
"""

from __future__ import annotations

from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options."""
    group = parser.getgroup("ebmbench", "gates of ebmbench suites as tests")
    group.addoption(
        "--ebmbench",
        action="append",
        default=[],
        metavar="SUITE",
        help="run this suite, and make a test of each of its gates; may be repeated",
    )
    group.addoption(
        "--ebmbench-baseline",
        metavar="FILE",
        help="what gates are held against: a baseline file or a run; left out, "
        "baselines/NAME.jsonl beside the suites' folder, where it is there",
    )
    group.addoption(
        "--ebmbench-runs", default="runs", metavar="FOLDER", help="where runs are kept (runs)"
    )


def pytest_configure(config: pytest.Config) -> None:
    """A suite is collected like a file that was named; alone, unless others were."""
    suites = [str(file) for file in suites_of(config)]
    if suites:
        named = config.args_source is pytest.Config.ArgsSource.ARGS
        config.args = [*(config.args if named else ()), *suites]


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """The tests of a suite that was asked for."""
    if file_path not in suites_of(parent.config):
        return None
    from pytest_ebmbench.suite_file import SuiteFile

    file: pytest.Collector = SuiteFile.from_parent(parent, path=file_path)
    return file


def suites_of(config: pytest.Config) -> list[Path]:
    """The suites asked for, as whole paths."""
    folder = config.invocation_params.dir
    return [(folder / name).resolve() for name in config.getoption("--ebmbench")]
