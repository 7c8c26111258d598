"""Tables for the page: each with a caption, and with what its rows are sorted by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import inf, isnan
from typing import NamedTuple

from ebmbench.report.figures.price.prices import Price, front
from ebmbench.report.numbers import count, duration
from ebmbench.report.parts import Cell, Heading, Part, Table
from ebmbench.report.phrases import seeds
from ebmbench.summary import Leaderboard, Row, Summary


class Column(NamedTuple):
    """A head; rows can be sorted by its column where it has keys."""

    text: str
    sortable: bool


class Shown(NamedTuple):
    """A table as the page has it; ``caption`` says what it is."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]

    @classmethod
    def of(cls, table: Table, caption: str) -> Shown:
        """With every cell as a ``Cell``; the first column is sorted as the suite orders it."""
        rows = [[c if isinstance(c, Cell) else Cell([c]) for c in row] for row in table.rows]
        keyed = [any(not isnan(cell.key) for cell in column) for column in zip(*rows, strict=True)]
        return cls(caption, [*map(Column, table.head, keyed)], rows)

    @property
    def sortable(self) -> bool:
        """Whether rows can be sorted at all."""
        return any(column.sortable for column in self.columns)


class Section(NamedTuple):
    """A heading with what stands below it, texts and tables."""

    title: str
    parts: Sequence[str | Shown]


def key_of(cell: Cell) -> str:
    """What the page sorts by, a number as JavaScript reads it; "" for none."""
    if isnan(cell.key):
        return ""
    return "Infinity" if cell.key == inf else f"{cell.key:.9g}"


def sections(parts: Iterable[Part]) -> list[Section]:
    """Parts by their headings; what is empty is left out."""
    found: list[tuple[str, list[str | Shown]]] = []
    for part in parts:
        if isinstance(part, Heading):
            found.append((part, []))
        elif isinstance(part, Table):
            title, below = found[-1]
            below.append(Shown.of(part, _caption(title, part, below)))
        elif part:
            found[-1][1].append(part)
    return [Section(*each) for each in found]


def _caption(title: str, table: Table, above: Sequence[str | Shown]) -> str:
    """The heading; of a second table below it with what its columns are."""
    is_second = any(isinstance(each, Shown) for each in above)
    return f"{title}: {', '.join(table.head[1:])}" if is_second else title


def quality_table(summary: Summary, value: str, found: Sequence[Price]) -> list[Shown]:
    """A final value beside what a whole training took, and who is on which front."""
    better = summary.better(value)
    if better is None or not found:
        return []
    fronts = {cost: front(found, better, cost) for cost in ("seconds", "macs")}
    rows = [
        [
            Cell([price.method]),
            Cell([str(price.final)], key=price.final.mean),
            Cell([duration(price.seconds)], key=price.seconds),
            Cell([_yes(price.method in fronts["seconds"])]),
            Cell([count(price.macs)], key=price.macs),
            Cell([_yes(price.method in fronts["macs"])]),
        ]
        for price in found
    ]
    head = ["Method", value, "Time of a training", "none as fast is better",
            "Multiply-adds of a training", "none with as few is better"]  # fmt: skip
    return [Shown.of(Table(head, rows), f"{value} against the cost of a training")]


def seeds_lost(board: Leaderboard) -> Iterator[str]:
    """Of the methods that have not all seeds, what became of the others; a line for each fate."""
    fates: dict[str, list[str]] = {}
    for row in board.rows:
        if row.seeds.lost + row.seeds.missing:
            fates.setdefault(_lost(row), []).append(row.method)
    for fate, methods in fates.items():
        yield f"{', '.join(methods)}: {fate}"


def _lost(row: Row) -> str:
    s = row.seeds
    ends = {"diverged": s.diverged, "failed": s.failed, "without a result": s.missing}
    said = ", ".join(f"{n} {how}" for how, n in ends.items() if n)
    return f"curves are over {seeds(s.done)}; {said}"


def _yes(x: bool) -> str:
    return "yes" if x else "no"
