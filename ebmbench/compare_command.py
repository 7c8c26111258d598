"""What `ebmbench compare` does: from names to an output and an exit code."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Literal, NamedTuple

from rich.console import Console

from ebmbench.compare import compare_sides, document, open_side, speed_outputs
from ebmbench.compare.comparison import exit_code
from ebmbench.compare.gates import require_known
from ebmbench.compare.junit import junit
from ebmbench.compare.markdown import markdown
from ebmbench.compare.speed import decide_speed, race
from ebmbench.errors import ConfigError, Problem
from ebmbench.gate_spec import SPEED, Gates, gates_of, with_options
from ebmbench.registry import Registry
from ebmbench.screens.compare import show_compared, show_race
from ebmbench.suite import read_suite

Format = Literal["terminal", "markdown", "json", "junit"]
WIDTH = 160  # of a terminal's screen in a file


class Asked(NamedTuple):
    """What the command line asks of a comparison, or of a race."""

    fail_on: tuple[str, ...]
    warn_on: tuple[str, ...]
    strict: bool
    format: Format
    output: Path | None

    def over(self, gates: Gates) -> Gates:
        """The suite's gates, with those of the command line laid over them."""
        return with_options(gates, self.fail_on, self.warn_on)


def compare_runs(base: Path, head: Path, runs: Path, asked: Asked) -> int:
    """Hold ``head`` against ``base``; the exit code."""
    mine, theirs = open_side(base, runs), open_side(head, runs)
    gates = {name: gate for name, gate in theirs.gates.items() if name != SPEED}
    compared = compare_sides(mine, theirs, asked.over(gates))
    writers: dict[Format, Callable[[], str]] = {
        "markdown": lambda: markdown(compared),
        "json": lambda: document.as_text(compared, asked.strict),
        "junit": lambda: junit(compared, asked.strict),
    }
    _give(asked, writers, lambda console: show_compared(compared, console))
    return compared.exit_code(asked.strict)


def compare_speed(base: str, head: str, suite: Path | None, rounds: int, asked: Asked) -> int:
    """Race ``head`` with ``base`` on the suite's methods; the exit code."""
    if suite is None:
        remedy = "ebmbench compare --speed BASE HEAD suites/smoke.yaml."
        raise ConfigError(Problem("--speed", "", "needs a suite whose methods race", remedy))
    own = gates_of(read_suite(suite, Registry.discover()).spec.gates)
    gates = asked.over({name: gate for name, gate in own.items() if name == SPEED})
    require_known(gates, [SPEED])
    with Console(stderr=True).status("") as status:
        paces = race(base, head, suite, rounds, status.update)
    decisions = decide_speed(paces, gates[SPEED]) if gates else []
    code, title = exit_code(decisions, asked.strict), f"{head} against {base}"
    writers: dict[Format, Callable[[], str]] = {
        "markdown": lambda: speed_outputs.markdown(title, paces, decisions),
        "json": lambda: speed_outputs.as_json(title, paces, decisions, code),
        "junit": lambda: speed_outputs.junit(suite.stem, paces, decisions, asked.strict),
    }
    _give(asked, writers, lambda console: show_race(title, paces, decisions, console))
    return code


def _give(
    asked: Asked, writers: dict[Format, Callable[[], str]], show: Callable[[Console], None]
) -> None:
    """Print what was asked for, or write it to the file asked for."""
    if asked.output is None:
        if asked.format == "terminal":
            show(Console())
        else:
            sys.stdout.write(writers[asked.format]())
        return
    asked.output.parent.mkdir(parents=True, exist_ok=True)
    with asked.output.open("w", encoding="utf-8") as file:
        if asked.format == "terminal":
            show(Console(file=file, width=WIDTH))
        else:
            file.write(writers[asked.format]())
