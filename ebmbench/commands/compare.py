"""``ebmbench compare`` and ``ebmbench baseline``."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

import typer
from rich.console import Console

from ebmbench.commands.options import RunName, Runs
from ebmbench.errors import ConfigError, Problem

if TYPE_CHECKING:
    from ebmbench.suite.gates import Gates

Format = Literal["terminal", "markdown", "json", "junit"]
WIDTH = 160  # of a terminal's screen in a file


class CompareOptions(NamedTuple):
    """What the command line asks of a comparison, or of a race."""

    fail_on: tuple[str, ...]
    warn_on: tuple[str, ...]
    strict: bool
    format: Format
    output: Path | None

    def over(self, gates: Gates) -> Gates:
        """The suite's gates, with those of the command line laid over them."""
        from ebmbench.suite.gates import with_options

        return with_options(gates, self.fail_on, self.warn_on)


def compare(
    base: Annotated[
        str, typer.Argument(help="A run, or a baseline file; with --speed a revision or a Python")
    ],
    head: Annotated[str, typer.Argument(help="The same: what is held against base")],
    suite: Annotated[
        Path | None, typer.Argument(help="With --speed: the suite whose methods race")
    ] = None,
    fail_on: Annotated[
        list[str] | None,
        typer.Option("--fail-on", metavar="'VALUE: LEVEL'", help="A gate: 'hamming.test: 5%'"),
    ] = None,
    warn_on: Annotated[
        list[str] | None, typer.Option("--warn-on", metavar="'VALUE: LEVEL'", help="It warns only")
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 4 where something is inconclusive")
    ] = False,
    speed: Annotated[
        bool, typer.Option("--speed", help="Race two git revisions, or two Pythons, here and now")
    ] = False,
    rounds: Annotated[int, typer.Option(min=6, help="Of the race")] = 20,
    format: Annotated[  # noqa: A002
        Literal["terminal", "markdown", "json", "junit"], typer.Option(help="How it is written")
    ] = "terminal",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file")] = None,
    runs: Runs = Path("runs"),
) -> None:
    """Hold a run against another, or a committed baseline, and let gates stop regressions."""
    options = CompareOptions(tuple(fail_on or ()), tuple(warn_on or ()), strict, format, output)
    if speed:
        raise typer.Exit(_compare_speed(base, head, suite, rounds, options))
    if suite is not None:
        remedy = "It takes two runs; a suite belongs to --speed."
        raise ConfigError(Problem(str(suite), "", "one argument too many", remedy))
    raise typer.Exit(_compare_runs(Path(base), Path(head), runs, options))


def baseline(
    run: RunName,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="A file, such as baselines/x.jsonl")
    ],
    runs: Runs = Path("runs"),
) -> None:
    """Write what a run ended with as sorted lines to be committed, for `compare`."""
    from ebmbench.compare import open_side, write_baseline

    side = open_side(run, runs)
    if not side.ends:
        remedy = "Run its suite first: ebmbench run."
        raise ConfigError(Problem(str(run), "", "no cell of this run has a record", remedy))
    write_baseline(side, output)
    unfinished = sum(end.status != "done" for end in side.ends.values())
    print(f"{output}: {len(side.ends)} cells" + (f", {unfinished} not done" if unfinished else ""))


def _compare_runs(base: Path, head: Path, runs: Path, options: CompareOptions) -> int:
    """Hold ``head`` against ``base``; the exit code."""
    from ebmbench.commands.screens.compare import show_compared
    from ebmbench.compare import compare_sides, document, open_side
    from ebmbench.compare.junit import junit
    from ebmbench.compare.markdown import markdown

    mine, theirs = open_side(base, runs), open_side(head, runs)
    compared = compare_sides(mine, theirs, options.over(theirs.value_gates))
    writers: dict[Format, Callable[[], str]] = {
        "markdown": lambda: markdown(compared),
        "json": lambda: document.as_text(compared, options.strict),
        "junit": lambda: junit(compared, options.strict),
    }
    _give(options, writers, lambda console: show_compared(compared, console))
    return compared.exit_code(options.strict)


def _compare_speed(
    base: str, head: str, suite: Path | None, rounds: int, options: CompareOptions
) -> int:
    """Race ``head`` with ``base`` on the suite's methods; the exit code."""
    from ebmbench.commands.screens.compare import show_race
    from ebmbench.compare import speed_outputs
    from ebmbench.compare.comparison import exit_code
    from ebmbench.compare.decisions import require_known
    from ebmbench.compare.speed import decide_speed, paces
    from ebmbench.interfaces.installed.registry import Registry
    from ebmbench.speed.race import race
    from ebmbench.suite.gates import SPEED, gates_of
    from ebmbench.suite.suite import read_suite

    if suite is None:
        remedy = "ebmbench compare --speed BASE HEAD suites/smoke.yaml."
        raise ConfigError(Problem("--speed", "", "needs a suite whose methods race", remedy))
    own = gates_of(read_suite(suite, Registry.discover()).spec.gates)
    gates = options.over({name: gate for name, gate in own.items() if name == SPEED})
    require_known(gates, [SPEED])
    with Console(stderr=True).status("") as status:
        measured = paces(race(base, head, suite, rounds, status.update))
    decisions = decide_speed(measured, gates[SPEED]) if gates else []
    code, title = exit_code(decisions, options.strict), f"{head} against {base}"
    writers: dict[Format, Callable[[], str]] = {
        "markdown": lambda: speed_outputs.markdown(title, measured, decisions),
        "json": lambda: speed_outputs.as_json(title, measured, decisions, code),
        "junit": lambda: speed_outputs.junit(suite.stem, measured, decisions, options.strict),
    }
    _give(options, writers, lambda console: show_race(title, measured, decisions, console))
    return code


def _give(
    options: CompareOptions,
    writers: dict[Format, Callable[[], str]],
    show: Callable[[Console], None],
) -> None:
    """Print what was asked for, or write it to the file asked for."""
    if options.output is None:
        if options.format == "terminal":
            show(Console())
        else:
            sys.stdout.write(writers[options.format]())
        return
    options.output.parent.mkdir(parents=True, exist_ok=True)
    with options.output.open("w", encoding="utf-8") as file:
        if options.format == "terminal":
            show(Console(file=file, width=WIDTH))
        else:
            file.write(writers[options.format]())
