"""Baselines: what a run ended with, as sorted lines of JSON that live in version control.

A line for the run and where it was made, one per dataset, metric and method, then one per cell. A
cell that changes changes one line. Spectra, curves and times are left out: the first are long, the
last are not to be compared between machines.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from ebmbench.compare.baseline_lines import (
    FORMAT,
    CellLine,
    DatasetLine,
    Line,
    MethodLine,
    MetricLine,
    RunLine,
    no_baseline,
    parsed,
)
from ebmbench.compare.side import Head, Side, side_of_run
from ebmbench.journal.documents import Components
from ebmbench.journal.journal import Journal
from ebmbench.suite.keys import TrainSpec

L = TypeVar("L", bound=Line)


def lines_of(side: Side) -> Iterator[str]:
    """The lines of a side's baseline, each with its newline."""
    for line in _lines(side):
        yield line.text + "\n"


def read_baseline(file: Path) -> Side:
    """The side that a baseline is.

    Raises:
        ConfigError: the file cannot be read, or is no baseline.
    """
    try:
        texts = file.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise no_baseline(str(file), f"{type(error).__name__}: {error}") from None
    lines = [parsed(f"{file}:{n}", text) for n, text in enumerate(texts, start=1) if text]
    if not lines or not isinstance(lines[0], RunLine):
        raise no_baseline(str(file), f"its first line is not that of format {FORMAT}")
    return _side(str(file), lines[0], lines)


def write_baseline(side: Side, file: Path) -> None:
    """Write a side's baseline."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(lines_of(side)), encoding="utf-8")


def open_side(name: Path, runs: Path) -> Side:
    """The baseline of a file, else the run of that folder or name.

    Raises:
        ConfigError: there is neither, or it cannot be read.
    """
    if name.is_file():
        return read_baseline(name)
    journal = Journal.open(name, runs)
    run = journal.read_run()
    return side_of_run(str(name), run, journal.read_cells(run))


def _side(name: str, run: RunLine, lines: Sequence[Line]) -> Side:
    metrics = _of(MetricLine, lines)
    head = Head(
        suite=run.suite,
        train=TrainSpec(epochs=run.epochs, until=run.until),
        seeds=run.seeds,
        components=Components(
            datasets={line.name: line.component for line in _of(DatasetLine, lines)},
            metrics={line.name: line.component for line in metrics},
            methods={line.name: line.component for line in _of(MethodLine, lines)},
        ),
        metrics={line.name: line.about for line in metrics},
        report=run.report,
        gates={},
        environment=run.environment,
    )
    ends = {(line.dataset, line.method, line.seed): line.end for line in _of(CellLine, lines)}
    return Side(name, head, tuple(dict.fromkeys(key[:2] for key in ends)), ends)


def _of(kind: type[L], lines: Sequence[Line]) -> list[L]:
    return [line for line in lines if isinstance(line, kind)]


def _lines(side: Side) -> Iterator[Line]:
    head, components = side.head, side.head.components
    yield RunLine(
        suite=head.suite,
        epochs=head.train.epochs,
        until=head.train.until,
        seeds=head.seeds,
        report=head.report,
        environment=dict(head.environment),
    )
    for name, dataset in sorted(components.datasets.items()):
        yield DatasetLine(name=name, component=dataset)
    for name, metric in sorted(components.metrics.items()):
        yield MetricLine(name=name, component=metric, better=head.metrics[name].better)
    for name, method in sorted(components.methods.items()):
        yield MethodLine(name=name, component=method)
    for key in sorted(side.ends):
        yield CellLine.of(key, side.ends[key])
