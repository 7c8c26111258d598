"""``ebmbench run`` and ``ebmbench report``."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from rich.console import Console

from ebmbench.commands.options import (
    CELLS_FAILED,
    FINE,
    INTERRUPTED,
    AsJson,
    Device,
    Epochs,
    Only,
    Quick,
    RunName,
    Runs,
    Seeds,
    Set,
    SuiteFile,
    print_json,
)

if TYPE_CHECKING:
    from ebmbench.api.execute import RunOptions
    from ebmbench.api.finished import Run
    from ebmbench.api.planning import Asked
    from ebmbench.plan.plan import Plan
    from ebmbench.report.figures.price.phases import Floor


def run(
    suite: SuiteFile,
    seeds: Seeds = None,
    epochs: Epochs = None,
    only: Only = None,
    settings: Set = None,
    quick: Quick = False,
    keep: Annotated[
        Literal["nothing", "parameters"] | None,
        typer.Option(help="Of each trained model, its final parameters; the suite's if left out"),
    ] = None,
    device: Device = "cpu",
    jobs: Annotated[
        int | None,
        typer.Option(
            min=0, help="Worker processes; 0 for none; if left out, all cores, and 1 for a GPU"
        ),
    ] = None,
    executor: Annotated[
        str | None,
        typer.Option(help="What works at blocks, such as dask; this machine if left out"),
    ] = None,
    executor_options: Annotated[
        list[str] | None,
        typer.Option("--executor-option", metavar="OPTION=VALUE", help="Of it; may be repeated"),
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Of that executor, as scheduler=ADDRESS"),
    ] = None,
    runs: Runs = Path("runs"),
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print the plan and what it will cost; run nothing")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Run finished cells again too")] = False,
    force_method: Annotated[
        list[str] | None,
        typer.Option(metavar="METHOD", help="Of this method only; may be repeated"),
    ] = None,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Run failed and diverged cells again")
    ] = False,
    shard: Annotated[
        str | None,
        typer.Option(metavar="N/COUNT", help="Run this share of the cells only: 3/20"),
    ] = None,
    time_limit: Annotated[
        float | None,
        typer.Option(min=0.001, help="Seconds that a block may take; the suite's if left out"),
    ] = None,
    checkpoint_every: Annotated[
        float, typer.Option(min=0, help="Seconds between two checkpoints of a block")
    ] = 180.0,
    plain: Annotated[
        bool,
        typer.Option("--plain", help="Nothing moves and nothing has a colour, in a terminal too"),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Run what is missing of a suite, and report. Safe to interrupt and to repeat."""
    from ebmbench.api.execute import RunOptions, noted
    from ebmbench.api.executors import choice_of
    from ebmbench.api.planning import Asked
    from ebmbench.commands.screens.plan import show_notes
    from ebmbench.running.runner import Rerun
    from ebmbench.running.shards import WHOLE, Shard
    from ebmbench.suite.overrides import Overrides

    overrides = Overrides(tuple(settings or ()), seeds, epochs, tuple(only or ()), quick, keep)
    command = shlex.join(["ebmbench", *sys.argv[1:]])
    rerun = Rerun(force, retry_failed, frozenset(force_method or ()))
    share = Shard.of(shard) if shard else WHOLE
    where = choice_of(jobs, executor, executor_options or (), scheduler)
    options = RunOptions(runs, where, rerun, command, time_limit, checkpoint_every, share)
    asked = Asked(suite, overrides, device)
    plan = noted(asked.planned(), options)
    stream = sys.stderr if as_json else sys.stdout  # wherever components print to
    console = Console(file=stream, color_system=None) if plain else Console(file=stream)
    console.is_interactive &= not plain
    show_notes(plan)
    if dry_run:
        _show(asked, plan, options, console, as_json)
        return
    finished = _executed(asked, plan, options, console)
    code = _report(finished, console)
    if as_json:
        print_json(_outcome(finished, code))
    raise typer.Exit(code)


def report(
    run: RunName,
    runs: Runs = Path("runs"),
    short: Annotated[
        bool,
        typer.Option(
            "--short", help="Write nothing; print under 60 lines of Markdown, as for a pull request"
        ),
    ] = False,
    format: Annotated[  # noqa: A002
        Literal["all", "markdown", "html"],
        typer.Option(help="Markdown with pictures beside it, one page for a browser, or both"),
    ] = "all",
    roofline: Annotated[
        str | None,
        typer.Option(
            metavar="FILE|here",
            help="Show updates on the page against the machine's floor: "
            "what `ebmbench cost --json` printed, or measured now",
        ),
    ] = None,
) -> None:
    """Write a run's report again from its journal."""
    from ebmbench.api.finished import open_run
    from ebmbench.commands.paper.floor import floor_of

    found = open_run(run, runs)
    if short:
        raise typer.Exit(_report_in_short(found))
    floor = floor_of(roofline) if roofline else None
    raise typer.Exit(_report(found, Console(), format, floor))


def _show(asked: Asked, plan: Plan, options: RunOptions, console: Console, as_json: bool) -> None:
    """The plan, and before it that of the trials, where the suite tunes."""
    from ebmbench.api.tuning import first_trials, rounds_of
    from ebmbench.commands.screens.plan import (
        plan_document,
        search_document,
        show_plan,
        show_search,
    )

    first = first_trials(asked, plan, options)
    spec = plan.suite.spec.tuning
    rounds = rounds_of(first, spec) if first and spec else []
    if as_json:
        document = plan_document(plan)
        more = {"trials": plan_document(first), **search_document(rounds)} if first else {}
        print_json({**document, **more})
        return
    if first:
        show_plan(first, console)
        show_search(rounds, console)
        console.print("then, with settings like those of each method's first trial:")
    show_plan(plan, console)


def _executed(asked: Asked, plan: Plan, options: RunOptions, console: Console) -> Run:
    """The run, unless it is interrupted."""
    from ebmbench.api.progress import watcher_for
    from ebmbench.api.tuning import carried_out

    def say(text: str) -> None:
        console.print(text, highlight=False, markup=False)

    try:
        return carried_out(asked, plan, options, lambda scene: watcher_for(console, scene), say)
    except KeyboardInterrupt:
        _say_how_to_go_on(asked, plan, options, console)
        raise typer.Exit(INTERRUPTED) from None


def _report(
    run: Run,
    console: Console,
    form: Literal["all", "markdown", "html"] = "all",
    floor: Floor | None = None,
) -> int:
    """Write and print the report; the exit code."""
    from ebmbench.report import FORMS, print_report

    written = run.write_report(FORMS if form == "all" else (form,), floor)
    print_report(run.summary, console)
    for name, file in zip(("Report", "  Also"), written, strict=False):
        console.print(f"{name}: {file}", highlight=False, markup=False, soft_wrap=True)
    return _code(run)


def _report_in_short(run: Run) -> int:
    """Print it; the exit code."""
    from ebmbench.report.markdown import short

    sys.stdout.write(short(run.summary))
    return _code(run)


def _code(run: Run) -> int:
    return FINE if {record.fate for record in run.records} <= {"done"} else CELLS_FAILED


def _outcome(run: Run, code: int) -> dict[str, Any]:
    from ebmbench.summary import as_json

    return {
        "run": str(run.folder),
        "report": str(run.journal.report / "README.md"),
        "exit_code": code,
        "summary": as_json(run.summary),
    }


def _say_how_to_go_on(asked: Asked, plan: Plan, options: RunOptions, console: Console) -> None:
    from ebmbench.api.execute import journal_of
    from ebmbench.api.tuning import FOLDER, as_chosen

    plan = as_chosen(asked, plan, options.runs)  # once the trials have chosen
    journal = journal_of(plan, options.runs)
    known = journal.index.entries()
    there = sum(cell.id in known for cell in plan.cells)
    begun = len(journal.checkpoints.files())
    trials = sum(1 for _ in journal.folder.glob(f"{FOLDER}/*/cells/*.json"))
    blocks = "block goes on from its checkpoint" if begun == 1 else "blocks go on from checkpoints"
    console.print(
        f"\nInterrupted. {there} of {plan.size} cells are finished and kept in {journal.cells}"
        + (f"; {begun} {blocks}" if begun else "")
        + (f"; of the tuning's trials {trials} cells are" if trials else "")
        + ".\nThe same command goes on from here:",
        highlight=False,
        markup=False,
        soft_wrap=not console.is_terminal,  # which breaks lines within words
    )
    console.print(f"  {options.command}", highlight=False, markup=False, soft_wrap=True)
