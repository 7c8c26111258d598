"""How far a run is, as lines that fit a terminal: all, what is being done, a line per method."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rich.console import Group, RenderableType
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from ebmbench.api.progress.sparkline import sparkline
from ebmbench.api.progress.tally import Row, Tally
from ebmbench.api.progress.words import counted, shortened, that_fit
from ebmbench.report.numbers import count, span

GAP = 2
FEWEST_ROWS = 1  # of methods, however low the terminal is
NAME_WIDTHS = (10, 32)  # of the methods' column: at least, at most
VALUE, RATE, LEFT, SHARE = 9, 9, 7, 5
RANKS = {"running": 0, "waiting": 1, "ended": 2}


class Room(NamedTuple):
    """A terminal's columns and lines, and whether it shows letters of ASCII only."""

    width: int
    height: int
    plain: bool = False


class _Widths(NamedTuple):
    """Of the columns that differ from terminal to terminal; 0 for one that is left out."""

    name: int
    number: int
    bar: int
    spark: int


def screen(tally: Tally, room: Room) -> RenderableType:
    """All that is shown, no line of it wider or lower than there is room."""
    overall, every = _overall(tally, room), tally.shown_rows
    heading = _Headings.of(tally, _widths(every, _counted(tally), room))
    used = 3 + heading.lines  # the two lines above, and one free for the cursor
    rows, more = chosen(every, room.height - used)
    lines: list[RenderableType] = [overall, Text(_doing(tally, room.width))]
    lines.append(_table(rows, heading, room))
    if more:
        lines.append(Text(f"and {more} more", style="dim"))
    return Group(*lines)


def chosen(rows: Sequence[Row], lines: int) -> tuple[list[Row], int]:
    """The busiest rows, in their order, and how many are left out for want of lines."""
    if len(rows) <= lines:
        return [*rows], 0
    kept = max(lines - 1, FEWEST_ROWS)
    ranked = sorted(range(len(rows)), key=lambda index: (_rank(rows[index]), index))
    shown = sorted(ranked[:kept])
    return [rows[index] for index in shown], len(rows) - len(shown)


def _rank(row: Row) -> tuple[int, float]:
    return RANKS[row.state], -row.weight


def _overall(tally: Tally, room: Room) -> RenderableType:
    """``42 % ----- 8 of 30 cells, 3 min so far, 5 min left``."""
    share, left = _percent(tally.done, tally.finished == tally.of), tally.shown_left
    pieces = [
        *([tally.scene.title] if tally.scene.title else []),
        f"{tally.finished:,} of {counted(tally.of, tally.scene.what)}",
        *([f"{span(left)} left"] if left is not None and left >= 0.5 else []),
        f"{span(tally.elapsed)} so far",
    ]
    said = that_fit(pieces, room.width - len(share) - 2 * GAP)
    bar = min(room.width - len(share) - len(said) - 2 * GAP, 40)
    if bar < 4:
        return Text(f"{share}{' ' * GAP}{said}", style="bold")
    line = Table.grid(padding=(0, GAP, 0, 0))
    for width in (len(share), bar, len(said)):
        line.add_column(width=width, no_wrap=True)
    line.add_row(Text(share), ProgressBar(1.0, tally.done, width=bar), Text(said))
    return line


def _percent(share: float, ended: bool) -> str:
    """Never 100 % before the end."""
    return f"{round(100 * share) if ended else min(round(100 * share), 99)} %"


def _doing(tally: Tally, width: int) -> str:
    """What is being done beside training."""
    starting = [f"starting {counted(tally.starting, 'worker')}"] if tally.starting else []
    return that_fit([*starting, *tally.doing], width)


class _Headings(NamedTuple):
    """What stands over the columns.

    Attributes:
        widths: of the columns.
        counted: over what is counted.
        target: over the curves; "" where none is drawn.
        value: over where they end.
    """

    widths: _Widths
    counted: str
    target: str
    value: str

    @classmethod
    def of(cls, tally: Tally, widths: _Widths) -> _Headings:
        """Those of a run."""
        target = next((block.recipe.target for block in tally.blocks if block.recipe.target), None)
        named = f"best {target}" if target and tally.scene.of else target
        broken = "" if named is None else _broken(named, widths.spark)
        return cls(widths, _counted(tally), broken, "best" if tally.scene.of else "newest")

    @property
    def lines(self) -> int:
        return self.target.count("\n") + 1


def _counted(tally: Tally) -> str:
    return "trials" if tally.scene.of else "seeds"


def _widths(rows: Sequence[Row], counted: str, room: Room) -> _Widths:
    """As wide as the terminal allows; a narrow one has fewer columns."""
    wide, narrow = room.width >= 100, room.width < 70
    numbers = [len(counted), *(len(f"{row.done}/{row.of}") for row in rows)]
    number = 0 if narrow else max(numbers)
    bar = 10 if wide else 0
    spark = 8 if narrow else 12
    fixed = [VALUE, RATE, LEFT, SHARE, *([number] if number else []), *([bar] if bar else [])]
    rest = room.width - sum(fixed) - GAP * (len(fixed) + 1)
    longest = max((len(row.name) for row in rows), default=0)
    least, most = NAME_WIDTHS
    name = max(min(longest, rest - spark, most), least, len("method"))
    return _Widths(name, number, bar, max(min(rest - name, 40), 0))


def _table(rows: Sequence[Row], heading: _Headings, room: Room) -> Table:
    widths = heading.widths
    table = Table(box=None, pad_edge=False, padding=(0, GAP, 0, 0), header_style="dim")
    table.add_column("method", width=widths.name, no_wrap=True)
    if widths.number:
        table.add_column(heading.counted, width=widths.number, justify="right", no_wrap=True)
    table.add_column("", width=SHARE, justify="right", no_wrap=True)
    if widths.bar:
        table.add_column("", width=widths.bar, no_wrap=True)
    table.add_column(Text(heading.target), width=widths.spark)
    table.add_column(heading.value, width=VALUE, justify="right", no_wrap=True)
    table.add_column("updates/s", width=RATE, justify="right", no_wrap=True)
    table.add_column("left", width=LEFT, justify="right", no_wrap=True)
    for row in rows:
        table.add_row(*_cells(row, widths, room))
    return table


def _cells(row: Row, widths: _Widths, room: Room) -> Iterator[RenderableType]:
    dim = "" if row.state == "running" else "dim"
    name = shortened(row.name, widths.name, row.ending)
    yield Text(name, style="bold" if row.state == "running" else "")
    if widths.number:
        yield Text(f"{row.done}/{row.of}", style=dim)
    yield Text(_percent(row.share, row.state == "ended"), style=dim)
    if widths.bar:
        yield ProgressBar(1.0, row.share, width=widths.bar)
    yield Text(sparkline(row.trend, row.epoch, widths.spark, room.plain), style="cyan")
    yield Text("" if row.value is None else f"{row.value:.3g}")
    yield Text("" if row.rate is None else count(row.rate), style=dim)
    yield _state(row)


def _state(row: Row) -> Text:
    """How long it takes yet, or what became of it."""
    if row.lost and row.state == "ended":
        return Text(f"{row.lost} lost", style="bold red")
    if row.state == "running":
        return Text("" if row.left is None else span(row.left))
    return Text("done" if row.state == "ended" else "waits", style="dim")


def _broken(name: str, width: int) -> str:
    """A name in lines no wider, broken after ``. _ -`` and spaces; "" where a part is wider."""
    lines = [""]
    for part in re.findall(r"[^._ -]*[._ -]?", name):
        if len(part) > width:
            return ""
        if len(lines[-1] + part) > width:
            lines.append("")
        lines[-1] += part
    return "\n".join(lines)
