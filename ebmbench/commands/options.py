"""What several commands share: arguments, exit codes, and how they print."""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer

from ebmbench.errors import LeftOutWarning

FINE, GATE_FAILED, WRONG_INPUT, CELLS_FAILED, INTERRUPTED = 0, 1, 2, 3, 130

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
Output = Annotated[Path | None, typer.Option("--output", "-o", help="A file")]


@contextmanager
def warnings_as_lines() -> Iterator[None]:
    """Say what is left out as a line each on stderr, once, whatever Python is told of warnings."""
    others = warnings.showwarning

    def show(
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,
        line: str | None = None,
    ) -> None:
        if issubclass(category, LeftOutWarning):
            print(f"Left out: {message}", file=sys.stderr)
        else:
            others(message, category, filename, lineno, file, line)

    with warnings.catch_warnings():
        warnings.simplefilter("default", LeftOutWarning)
        warnings.showwarning = show
        yield


def print_json(content: Any) -> None:
    """Print one JSON document; what JSON does not know, such as a plugin's numbers, as text."""
    print(json.dumps(content, indent=1, default=str))


def emit(content: Any, as_json: bool, show: Callable[[], object]) -> None:
    """Print one JSON document for machines, or a screen for people."""
    if as_json:
        print_json(content)
    else:
        show()
