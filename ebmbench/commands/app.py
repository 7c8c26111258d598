"""The command line: its table of contents.

Each command is a file of its own beside this one, and a few lines over the same calls that Python
has. What is heavy (torch, scipy, matplotlib) a command imports when it runs, so that help comes at
once.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from threading import Thread
from typing import Annotated, NoReturn

import typer

from ebmbench.commands.clean import clean
from ebmbench.commands.compare import baseline, compare
from ebmbench.commands.conformance import conformance
from ebmbench.commands.cost import cost
from ebmbench.commands.doctor import doctor
from ebmbench.commands.export import export
from ebmbench.commands.installed import info, list_, plugins, schema
from ebmbench.commands.new import new
from ebmbench.commands.options import FINE, INTERRUPTED, WRONG_INPUT, warnings_as_lines
from ebmbench.commands.output import flushed_at_the_end, never_failing, open_what_is_closed
from ebmbench.commands.paper.cite import cite
from ebmbench.commands.paper.plot import plot
from ebmbench.commands.plan import plan
from ebmbench.commands.publishing.publish import publish
from ebmbench.commands.run import report, run
from ebmbench.commands.sample import sample
from ebmbench.commands.status import status
from ebmbench.commands.validate import validate
from ebmbench.commands.viewing.view import view
from ebmbench.errors import EbmbenchError
from ebmbench.interfaces.installed.which_plugins import NO_THIRD_PARTY, no_third_party
from ebmbench.isolation.forks import children_ended, fork_from_now_on, threads_waited_for
from ebmbench.isolation.interrupts import interrupts_noted
from ebmbench.isolation.output import stdout_for_documents

GARBAGE = 50_000  # objects between collections: imports make many that stay

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    add_help_option=False,  # ours is below: typer's imports pydantic where it is not given
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="Which training method for energy-based models is better, on what data, by how much, "
    "at what cost per update, and how sure are we?",
    epilog="Exit codes: 0 fine, 1 a gate or a check failed, 2 the input is wrong, "
    "3 some cells failed, 4 inconclusive (with --strict), 130 interrupted.",
)

app.command()(run)
app.command()(report)
app.command()(view)
app.command()(publish)
app.command()(plan)
app.command()(status)
app.command()(clean)
app.command()(export)
app.command()(plot)
app.command()(cite)
app.command()(sample)
app.command()(compare)
app.command()(baseline)
app.command("list")(list_)
app.command()(plugins)
app.command()(schema)
app.command()(info)
app.command("test")(conformance)
app.command()(new)
app.command()(doctor)
app.command()(cost)
app.command()(validate)


def _print_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        print(f"ebmbench {version('ebmbench')}")
        raise typer.Exit


def _print_help(context: typer.Context, asked: bool) -> None:
    if asked:
        typer.echo(context.get_help())
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
    _help: Annotated[
        bool,
        typer.Option(
            "--help", help="Show this message and exit.", callback=_print_help, is_eager=True
        ),
    ] = False,
) -> None:
    context.with_resource(warnings_as_lines())
    if third_party_left_out:
        context.with_resource(no_third_party())


def main() -> NoReturn:
    """Run the command line; a user's mistake is a message and exit code 2, never a traceback."""
    with interrupts_noted() as interrupts:
        try:
            code, ours = _code()
        except (KeyboardInterrupt, Exception) as error:
            if not (interrupts.came or isinstance(error, KeyboardInterrupt)):
                raise
            print("Interrupted.", file=sys.stderr)  # also where code failed of it
            sys.exit(INTERRUPTED)
    if threads_waited_for() - ours:
        os._exit(code)  # nothing of a component's is waited for
    sys.exit(code)


def _code() -> tuple[int, set[Thread]]:
    """The exit code, and the threads that Python waits for and that were there before."""
    gc.set_threshold(GARBAGE)
    open_what_is_closed()
    fork_from_now_on()
    ours = threads_waited_for()
    with stdout_for_documents():
        never_failing()
        return _ended(), ours


def _ended() -> int:
    """The exit code of a command that ends by itself or by a mistake."""
    try:
        with flushed_at_the_end(), children_ended():
            app()
    except SystemExit as ended:  # what typer ends with, also where all is fine
        return ended.code if isinstance(ended.code, int) else FINE
    except EbmbenchError as error:
        if "--json" in sys.argv:
            problems = getattr(error, "problems", ())
            print(json.dumps({"error": str(error), "problems": [p._asdict() for p in problems]}))
        print(error, file=sys.stderr)
        return WRONG_INPUT
    except OSError as error:  # no permission, no space, a file where a folder should be
        said = f"{error.filename or 'disk'}: {error.strerror or error}. Nothing finished is lost."
        print(said, file=sys.stderr)
        return WRONG_INPUT
    return FINE
