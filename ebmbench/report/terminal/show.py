"""Prints the report: the answer, one table per dataset, and what went wrong."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from ebmbench.report.answer import answer, is_of_one_dataset
from ebmbench.report.headline import headline
from ebmbench.report.negative import negative_line
from ebmbench.report.notices import busy, missing, skips, troubles, warnings
from ebmbench.report.sweep_table import about_verdicts, columns_of
from ebmbench.report.terminal.brief import is_brief, left_out, said_above
from ebmbench.report.terminal.sweep import sweep_table
from ebmbench.report.terminal.tables import tables
from ebmbench.summary import Leaderboard, Summary, Sweep, variant_of

MOST_COMPARED = 6  # methods whose negative phases one sentence sets side by side


def show(summary: Summary, console: Console) -> None:
    """Print the report."""
    for warning in warnings(summary):
        console.print(Text(warning, style="bold yellow"))
    _show_sentences(answer(summary), console)
    for warning in busy(summary):
        console.print(Text(warning, style="yellow"))
    over = summary.dataset_sweeps()
    for board in summary.boards:
        if over and variant_of(summary.run, "datasets", board.dataset).swept:
            console.print(Text(f"{board.dataset}: {headline(summary, board)[0]}"))
        else:
            _show_board(summary, board, console)
    console.print()
    for sweep in over:
        _show_sweep(summary, sweep, console)
    _show_list(console, "Skipped", skips(summary))
    _show_list(console, "Diverged, failed or not known", troubles(summary))
    _show_list(console, "Missing", missing(summary))


def _show_sweep(summary: Summary, sweep: Sweep, console: Console) -> None:
    for value in columns_of(summary, sweep):
        console.print(sweep_table(summary, sweep, value))
        console.print()
    if note := about_verdicts(summary, sweep):
        console.print(Text(note))
        console.print()


def _show_board(summary: Summary, board: Leaderboard, console: Console) -> None:
    console.print()
    names = dict.fromkeys((summary.run.suite, board.dataset))  # often the same
    console.rule(Text(": ".join(names), style="bold"))
    listed = summary.listed(board)
    if not is_of_one_dataset(summary):
        _show_sentences(headline(summary, board), console)
    if len(listed.rows) <= MOST_COMPARED:
        console.print(Text(negative_line(summary, listed)))
    _show_tables(summary, listed, console)
    if len(listed.rows) < len(board.rows):
        for sweep in summary.sweeps(board):
            _show_sweep(summary, sweep, console)


def _show_tables(summary: Summary, listed: Leaderboard, console: Console) -> None:
    """The methods that are listed; what is the same for many is said once, above them."""
    brief = is_brief(listed)
    if brief and (above := said_above(listed)):
        console.print(Text(above))
    console.print()
    for table in tables(summary, listed, console.width) if listed.rows else []:
        console.print(table)
        console.print()
    if brief and (below := left_out(summary, listed)):
        console.print(Text(below, style="dim"))


def _show_sentences(said: Sequence[str], console: Console) -> None:
    """A line each, the first in bold."""
    for index, sentence in enumerate(said):
        console.print(Text(sentence, style="" if index else "bold"))


def _show_list(console: Console, title: str, lines: Sequence[str]) -> None:
    if lines:
        console.print(Text(title, style="bold"))
        console.print(Padding(Text("\n".join(lines)), (0, 0, 1, 2)))
