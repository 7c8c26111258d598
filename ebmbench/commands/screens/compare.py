"""What `compare` shows in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from ebmbench.compare import Compared, wording
from ebmbench.compare.decisions import Decision
from ebmbench.compare.speed import Pace
from ebmbench.compare.speed_outputs import COLUMNS, LEGEND, headline
from ebmbench.compare.speed_outputs import row as pace_row

WIDEST = 1_000
# Columns that may take two lines.
BROKEN = ("Method", "Difference", "Loss", "More seeds", "Updates", "Training time")
STYLES = {
    "better": "bold green",
    "passed": "green",
    "equivalent": "cyan",
    "worse": "bold red",
    "failed": "bold red",
    "warned": "bold yellow",
    "inconclusive": "yellow",
}


def show_compared(c: Compared, console: Console) -> None:
    """Gates, values, time to target, and what holds over all datasets."""
    _say(console, f"{c.suite}: {c.head} against {c.base}", "bold")
    for notice in c.notices:
        _say(console, notice, "yellow")
    for lost in c.lost:
        _say(console, f"lost: {lost.dataset}: {lost.method}: seed {lost.seed} {lost.reason}", "red")
    for dataset in dict.fromkeys(each.dataset for each in c.matched):
        _show_dataset(c, dataset, console)
    _show_across(c, console)
    _say(console, wording.headline(c), "bold")
    for decision in c.failed:
        _say(console, wording.message(decision), "bold red")


def show_race(
    title: str, paces: Sequence[Pace], decisions: Sequence[Decision], console: Console
) -> None:
    """Every method's speed on both sides, and what the gate says."""
    _show(console, title, COLUMNS, map(pace_row, paces))
    _show(console, "gates", wording.GATE_COLUMNS, map(wording.gate_row, decisions))
    _say(console, f"\n{LEGEND}", "dim")
    _say(console, headline(decisions), "bold")


def _show_dataset(c: Compared, dataset: str, console: Console) -> None:
    rows = [wording.value_row(each) for each in c.matched if each.dataset == dataset]
    for value in dict.fromkeys(row[0] for row in rows):
        of_value = [row[1:] for row in rows if row[0] == value]
        _show(console, f"{dataset}: {value}", wording.VALUE_COLUMNS[1:], of_value)
    found = [each for each in c.reached if each.dataset == dataset]
    targets = map(wording.target_row, found)
    _show(console, f"{dataset}: time to {wording.target_title(c)}", wording.TARGET_COLUMNS, targets)
    gates = [wording.gate_row(each) for each in c.decisions if each.dataset == dataset]
    _show(console, f"{dataset}: gates", wording.GATE_COLUMNS, gates)


def _show_across(c: Compared, console: Console) -> None:
    rows = [wording.across_row(each) for each in c.across]
    _show(console, "over all datasets, interquartile mean", wording.ACROSS_COLUMNS, rows)
    for profile in c.profiles:
        title = f"performance profile: {profile.measure}, {profile.problems} problems"
        _show(console, title, wording.PROFILE_COLUMNS, wording.profile_rows(profile))


def _show(console: Console, title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table, or nothing where it has no rows; a narrow terminal gets less space in between."""
    rows = list(rows)
    if not rows:
        return
    wide, narrow = (_table(title, head, rows, padding) for padding in (1, 0))
    fits = Measurement.get(console, console.options.update(width=WIDEST), wide).maximum
    console.print()
    console.print(wide if fits <= console.width else narrow)


def _table(title: str, head: Sequence[str], rows: Iterable[Sequence[str]], padding: int) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, padding, 0, 0))
    table.title, table.title_justify = Text(title), "left"
    for column in head:
        table.add_column(Text(column), no_wrap=column not in BROKEN, min_width=min(5, len(column)))
    for row in rows:
        table.add_row(*(Text(cell, STYLES.get(cell, "")) for cell in row))
    return table


def _say(console: Console, text: str, style: str) -> None:
    console.print(Text(text, style), soft_wrap=True)
