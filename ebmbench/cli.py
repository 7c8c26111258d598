"""The command line: each command a few lines over the rest of the harness."""

from __future__ import annotations

import json
import os
import shlex
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn

import torch
import typer
from rich.console import Console
from rich.markup import escape

from ebmbench import catalogue as cat
from ebmbench import screens
from ebmbench.errors import ConfigError, EbmbenchError, Problem
from ebmbench.journal import Journal, fate
from ebmbench.overrides import Overrides
from ebmbench.plan import Plan, make_plan
from ebmbench.progress import watcher_for
from ebmbench.registry import NO_THIRD_PARTY, Registry, no_third_party
from ebmbench.run_document import run_document
from ebmbench.runner import Rerun, run_plan
from ebmbench.suite import read_suite
from ebmbench.threads import cores

FINE, GATE_FAILED, WRONG_INPUT, CELLS_FAILED, INTERRUPTED = 0, 1, 2, 3, 130

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="Which training method for energy-based models is better, on what data, by how much, "
    "at what cost per update, and how sure are we?",
    epilog="Exit codes: 0 fine, 1 a gate or a check failed, 2 the input is wrong, "
    "3 some cells failed, 4 inconclusive (with --strict), 130 interrupted.",
)

SuiteFile = Annotated[Path, typer.Argument(help="A suite, a YAML file", show_default=False)]
RunName = Annotated[
    Path, typer.Argument(help="A run: its folder, or its suite's name", show_default=False)
]
Runs = Annotated[Path, typer.Option(help="Where runs are kept")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document")]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Change the suite; may be repeated"),
]
Only = Annotated[list[str] | None, typer.Option(help="Run this method only; may be repeated")]
Seeds = Annotated[str | None, typer.Option(help='A number, or a list: "[3, 7]"')]
Epochs = Annotated[int | None, typer.Option(help="Epochs of every method")]
Quick = Annotated[bool, typer.Option("--quick", help="The suite's own smaller version")]
Device = Annotated[str, typer.Option(help="cpu, cuda, cuda:1, ...")]


def _print_version(asked: bool) -> None:
    if asked:
        print(f"ebmbench {version('ebmbench')}")
        raise typer.Exit


@app.callback()
def _options(
    context: typer.Context,
    third_party_left_out: Annotated[
        bool,
        typer.Option(
            "--no-third-party", envvar=NO_THIRD_PARTY, help="Load the built-in plugins only"
        ),
    ] = False,
    _version: Annotated[
        bool,
        typer.Option("--version", help="Print the version", callback=_print_version, is_eager=True),
    ] = False,
) -> None:
    if third_party_left_out:
        context.with_resource(no_third_party())


@app.command()
def run(
    suite: SuiteFile,
    seeds: Seeds = None,
    epochs: Epochs = None,
    only: Only = None,
    settings: Set = None,
    quick: Quick = False,
    device: Device = "cpu",
    jobs: Annotated[
        int | None, typer.Option(min=0, help="Worker processes; 0 for none; all cores if left out")
    ] = None,
    runs: Runs = Path("runs"),
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print the plan and what it will cost; run nothing")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Run finished cells again too")] = False,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Run failed and diverged cells again")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Run what is missing of a suite, and report. Safe to interrupt and to repeat."""
    overrides = Overrides(tuple(settings or ()), seeds, epochs, tuple(only or ()), quick)
    plan = _plan(suite, overrides, device)
    console = Console(stderr=as_json)
    if dry_run:
        _emit(screens.plan_document(plan), as_json, lambda: screens.show_plan(plan, console))
        return
    journal = Journal(runs / plan.suite.spec.suite)
    journal.write_run(run_document(plan, shlex.join(["ebmbench", *sys.argv[1:]])))
    try:
        with watcher_for(console) as watcher:
            run_plan(
                plan,
                journal,
                cores() if jobs is None else jobs,
                Rerun(force, retry_failed),
                watcher,
            )
    except KeyboardInterrupt:
        _say_how_to_go_on(plan, journal, console)
        raise typer.Exit(INTERRUPTED) from None
    code = _report(journal, console)
    if as_json:
        print(json.dumps(_outcome(journal, code), indent=1))
    raise typer.Exit(code)


@app.command()
def report(run: RunName, runs: Runs = Path("runs")) -> None:
    """Write a run's report again from its journal."""
    raise typer.Exit(_report(Journal.open(run, runs), Console()))


@app.command()
def export(
    run: RunName,
    format: Annotated[Literal["jsonl", "csv"], typer.Option(help="How rows are written")] = "jsonl",  # noqa: A002
    what: Annotated[
        Literal["values", "cost"], typer.Option(help="A row per value, or a row per method")
    ] = "values",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file")] = None,
    runs: Runs = Path("runs"),
) -> None:
    """Print a run's numbers as rows."""
    from ebmbench.export import export as export_rows  # scipy: a second that --help need not wait

    journal = Journal.open(run, runs)
    document = journal.read_run()
    lines = export_rows(document, journal.read(document["cells"]), what, format)
    if output is None:
        sys.stdout.writelines(lines)
    else:
        output.write_text("".join(lines), encoding="utf-8")


@app.command()
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
    from ebmbench.compare_command import Asked, compare_runs, compare_speed  # scipy: a second

    asked = Asked(tuple(fail_on or ()), tuple(warn_on or ()), strict, format, output)
    if speed:
        raise typer.Exit(compare_speed(base, head, suite, rounds, asked))
    if suite is not None:
        remedy = "It takes two runs; a suite belongs to --speed."
        raise ConfigError(Problem(str(suite), "", "one argument too many", remedy))
    raise typer.Exit(compare_runs(Path(base), Path(head), runs, asked))


@app.command()
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
    write_baseline(side, output)
    unfinished = sum(end.status != "done" for end in side.ends.values())
    print(f"{output}: {len(side.ends)} cells" + (f", {unfinished} not done" if unfinished else ""))


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List the installed components by family."""
    content = cat.catalogue(Registry.discover())
    _emit(content, as_json, lambda: screens.show_catalogue(content, Console()))


@app.command()
def plugins(as_json: AsJson = False) -> None:
    """List the installed plugins: who brings what, and what is broken and why."""
    content = cat.plugins(Registry.discover())
    _emit(content, as_json, lambda: screens.show_plugins(content, Console()))


@app.command()
def schema(
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file")] = None,
) -> None:
    """Print the JSON Schema of suites, with all installed components, for editors."""
    from ebmbench.suite_schema import suite_schema

    text = json.dumps(suite_schema(Registry.discover()), indent=1) + "\n"
    if output is None:
        sys.stdout.write(text)
    else:
        output.write_text(text, encoding="utf-8")


@app.command()
def info(
    family: Annotated[str, typer.Argument(help="dataset, model, kernel, sampler or metric")],
    name: Annotated[str, typer.Argument(help="The component's name")],
    as_json: AsJson = False,
) -> None:
    """Show a component: formula, options with their bounds, source."""
    content = cat.details(cat.find(Registry.discover(), family, name))
    _emit(content, as_json, lambda: screens.show_details(content, Console()))


@app.command("test")
def conformance(
    name: Annotated[str, typer.Argument(help="A component, a plugin or a distribution")],
    family: Annotated[
        str | None, typer.Option(help="dataset, model, kernel, sampler or metric")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check that components keep their contracts and their mathematics. Exits with 1 if not."""
    from ebmbench.conformance import entries_of, examined, failed

    registry, found = Registry.discover(), []
    for entry in entries_of(registry, name, family):
        found.append(examined(entry, registry))
        if not as_json:
            screens.show_checks(found[-1:], Console())
    if as_json:
        print(json.dumps(found, indent=1))
    raise typer.Exit(GATE_FAILED if failed(found) else FINE)


@app.command()
def new(
    family: Annotated[str, typer.Argument(help="sampler, model, dataset, metric or kernel")],
    name: Annotated[str, typer.Argument(help="The component's name: my-sampler")],
    folder: Annotated[
        Path | None, typer.Option(help="Where to write it; a folder of its name if left out")
    ] = None,
) -> None:
    """Write a plugin to start from: component, checks, suite, CI; it works as it stands."""
    from ebmbench.scaffold import next_steps, write_project

    written = write_project(family, name, folder or Path(name), Registry.discover())
    print(next_steps(name, written))


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Show what this machine and this installation can do, and what is broken."""
    from ebmbench.doctor import doctor as examine

    content = examine()
    _emit(content, as_json, lambda: screens.show_doctor(content, Console()))


@app.command()
def cost(
    suite: SuiteFile,
    only: Only = None,
    settings: Set = None,
    quick: Quick = False,
    device: Device = "cpu",
    replicas: Annotated[int, typer.Option(min=1, help="Trained side by side, beside one")] = 32,
    rounds: Annotated[int, typer.Option(min=1, help="Rounds per phase, at least")] = 5,
    threads: Annotated[int, typer.Option(min=1, help="Threads; a worker has one")] = 1,
    as_json: AsJson = False,
) -> None:
    """Measure one update of each method on this machine, beside what it counts and the floor."""
    from ebmbench.calibrated import require_pytest_benchmark
    from ebmbench.screens.cost import show_cost  # scipy: a second that --help need not wait
    from ebmbench.suite_cost import measure_suite

    require_pytest_benchmark()
    plan = _plan(
        suite, Overrides(tuple(settings or ()), only=tuple(only or ()), quick=quick), device
    )
    with Console(stderr=True).status("") as status:
        found = measure_suite(
            plan, replicas, rounds, threads, lambda what: status.update(f"measuring {escape(what)}")
        )
    _emit(found.document(), as_json, lambda: show_cost(found, Console()))


@app.command()
def validate(
    suite: SuiteFile,
    seeds: Seeds = None,
    epochs: Epochs = None,
    only: Only = None,
    settings: Set = None,
    quick: Quick = False,
    as_json: AsJson = False,
) -> None:
    """Check a suite as a whole without running anything."""
    overrides = Overrides(tuple(settings or ()), seeds, epochs, tuple(only or ()), quick)
    try:
        plan = _plan(suite, overrides, "cpu")
    except ConfigError as error:
        if not as_json:
            raise
        problems = [problem._asdict() for problem in error.problems]
        print(json.dumps({"valid": False, "problems": problems}, indent=1))
        raise typer.Exit(WRONG_INPUT) from None
    content = {"valid": True, "problems": [], **screens.plan_document(plan)}
    message = f"{suite}: valid, {len(plan.cells)} cells, {len(plan.skips)} skips"
    _emit(content, as_json, lambda: print(message))


def main() -> NoReturn:
    """Run the command line; a user's mistake is a message and exit code 2, never a traceback."""
    try:
        app()
    except EbmbenchError as error:
        if "--json" in sys.argv:
            problems = getattr(error, "problems", ())
            print(json.dumps({"error": str(error), "problems": [p._asdict() for p in problems]}))
        print(error, file=sys.stderr)
        sys.exit(WRONG_INPUT)
    except BrokenPipeError:  # the reader, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(FINE)
    except OSError as error:  # no permission, no space, a file where a folder should be
        print(
            f"{error.filename or 'disk'}: {error.strerror}. Nothing finished is lost.",
            file=sys.stderr,
        )
        sys.exit(WRONG_INPUT)
    sys.exit(FINE)


def _plan(file: Path, overrides: Overrides, device: str) -> Plan:
    registry = Registry.discover()
    return make_plan(read_suite(file, registry, overrides), registry, _device(device))


def _device(name: str) -> str:
    try:
        device = torch.device(name)
    except RuntimeError:
        remedy = "Use cpu, cuda or cuda:N."
        raise ConfigError(Problem("--device", "", f"no such device: '{name}'", remedy)) from None
    if device.type == "cuda" and not torch.cuda.is_available():
        remedy = "Leave --device out to run on the CPU."
        raise ConfigError(Problem("--device", "", "no CUDA device is usable here", remedy))
    return name


def _report(journal: Journal, console: Console) -> int:
    """Write and print the report; the exit code."""
    from ebmbench.report import print_report, write_report  # matplotlib and scipy: another second
    from ebmbench.summary import summarise

    document = journal.read_run()
    records = journal.read(document["cells"])
    page = write_report(document, records, journal.report, journal.pictures)
    print_report(summarise(document, records), console)
    console.print(f"Report: {page}", highlight=False, markup=False, soft_wrap=True)
    ended = {fate(record) for record in records}
    return FINE if ended <= {"done"} else CELLS_FAILED


def _outcome(journal: Journal, code: int) -> dict[str, Any]:
    summary = json.loads((journal.report / "summary.json").read_text(encoding="utf-8"))
    return {
        "run": str(journal.folder),
        "report": str(journal.report / "README.md"),
        "exit_code": code,
        "summary": summary,
    }


def _say_how_to_go_on(plan: Plan, journal: Journal, console: Console) -> None:
    there = sum(journal.status(cell.id) is not None for cell in plan.cells)
    console.print(
        f"\nInterrupted. {there} of {len(plan.cells)} cells are finished and kept in "
        f"{journal.cells}.\nThe same command goes on from here:\n  "
        f"{shlex.join(['ebmbench', *sys.argv[1:]])}",
        highlight=False,
        markup=False,
        soft_wrap=True,
    )


def _emit(content: Any, as_json: bool, show: Any) -> None:
    """One JSON document for machines, or a screen for people."""
    if as_json:
        print(json.dumps(content, indent=1, default=str))
    else:
        show()
