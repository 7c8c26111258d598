"""Final values against a swept option: of methods on a dataset, or over datasets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ebmbench.journal.documents import RunDocument
from ebmbench.summary.curves import Curve
from ebmbench.summary.leaderboard import Leaderboard, Row
from ebmbench.summary.variants import Axis, axes_of, lines_along, listed_methods


@dataclass(frozen=True)
class Sweep:
    """Rows in their places along an axis.

    Attributes:
        dataset: where it belongs: a dataset, or what several swept ones have in common.
        axis: what is swept.
        lines: line -> x -> the row there.
    """

    dataset: str
    axis: Axis
    lines: Mapping[str, Mapping[float, Row]]

    @property
    def points(self) -> list[float]:
        """All x, in order."""
        return sorted({x for line in self.lines.values() for x in line})

    def curve(self, line: str, value: str) -> Curve:
        """The line's final ``value`` over x, where it has one."""
        found = {x: row.final[value] for x, row in self.lines[line].items() if value in row.final}
        return Curve(tuple(found), tuple(found.values()))


def sweeps_of_methods(run: RunDocument, board: Leaderboard) -> list[Sweep]:
    """A board's swept methods, a sweep per axis."""
    rows = {row.method: row for row in board.rows}
    return [
        Sweep(board.dataset, axis, lines)
        for axis in axes_of(run, "methods")
        if (lines := _placed(lines_along(run, "methods", axis), rows))
    ]


def sweeps_of_datasets(run: RunDocument, boards: Sequence[Leaderboard]) -> list[Sweep]:
    """Swept datasets, a sweep per axis and line, with a line per method that tables list."""
    listed = {board.dataset: listed_board(run, board) for board in boards}
    return [
        Sweep(name, axis, lines)
        for axis in axes_of(run, "datasets")
        for name, points in lines_along(run, "datasets", axis).items()
        if (lines := _by_method({x: listed[dataset] for x, dataset in points.items()}))
    ]


def listed_board(run: RunDocument, board: Leaderboard) -> Leaderboard:
    """The board with those rows that tables list: all, or where they are many, the unswept."""
    listed = listed_methods(run, [row.method for row in board.rows])
    if len(listed) == len(board.rows):
        return board
    return replace(board, rows=tuple(row for row in board.rows if row.method in listed))


def _placed(
    lines: Mapping[str, Mapping[float, str]], rows: Mapping[str, Row]
) -> dict[str, dict[float, Row]]:
    """The lines' rows; without lines of which the board has none."""
    placed = {
        line: {x: rows[method] for x, method in points.items() if method in rows}
        for line, points in lines.items()
    }
    return {line: points for line, points in placed.items() if points}


def _by_method(boards: Mapping[float, Leaderboard]) -> dict[str, dict[float, Row]]:
    """Method -> x -> its row on the dataset there."""
    lines: dict[str, dict[float, Row]] = {}
    for x, board in boards.items():
        for row in board.rows:
            lines.setdefault(row.method, {})[x] = row
    return lines
