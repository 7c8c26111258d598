"""A race between two sides, round by round in turn."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

from ebmbench.errors import ConfigError, Problem
from ebmbench.speed.contender import Server, contender

Names = tuple[str, str]
Measured = dict[Names, NDArray[np.float64]]
"""(dataset, method) -> the seconds of each round, (rounds, 2): base, head."""

Tell = Callable[[str], object]


def race(base: str, head: str, suite: Path, rounds: int, tell: Tell) -> Measured:
    """Measure every method that both sides can train.

    Raises:
        ConfigError: a side cannot be had, or cannot read the suite.
    """
    with ExitStack() as stack:
        servers = []
        for name in (base, head):
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            side = stack.enter_context(contender(name, folder))
            tell(f"starting {name}")
            servers.append(Server(side, without_gates(suite, folder)))
            stack.callback(servers[-1].stop)
        return _measured(servers, rounds, tell)


def without_gates(suite: Path, folder: Path) -> Path:
    """The suite without its gates, which an older side need not know."""
    try:
        content = yaml.safe_load(suite.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError):
        return suite  # the sides say what is wrong with it
    if not isinstance(content, dict) or "gates" not in content:
        return suite
    del content["gates"]
    stripped = folder / suite.name
    stripped.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return stripped


def _measured(servers: Sequence[Server], rounds: int, tell: Tell) -> Measured:
    methods = [names for names in servers[0].methods if names in servers[1].methods]
    if not methods:
        raise ConfigError(Problem(servers[1].name, "", f"no method as in {servers[0].name}"))
    found: dict[Names, list[list[float]]] = {names: [] for names in methods}
    for index in range(rounds):
        tell(f"round {index + 1} of {rounds}")
        for names in methods:
            found[names].append(_round(servers, names, first=index % 2))
    return {names: np.array(seconds) for names, seconds in found.items()}


def _round(servers: Sequence[Server], names: Names, first: int) -> list[float]:
    """Seconds of base and head, measured in turn beginning with ``first``."""
    taken = {side: servers[side].round(names) for side in (first, 1 - first)}
    return [taken[0], taken[1]]
