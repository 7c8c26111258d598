"""Tables of what the methods reached: final values, and the target."""

from __future__ import annotations

from math import inf, isnan, nan

from ebmbench.report import phrases
from ebmbench.report.cells import between_updates, final_lines, place_lines, seeds_lines
from ebmbench.report.numbers import NOTHING, duration
from ebmbench.report.parts import Cell, Folded, Heading, Part, Table
from ebmbench.summary import Leaderboard, Row, Summary, ToTarget, in_spectrum
from ebmbench.summary.statistics import WIDER


def main_table(summary: Summary, board: Leaderboard) -> list[Table]:
    """Verdict, place and final values of each method; what was not asked has no column."""
    if not board.rows:
        return []
    head = ["Method"]
    head += [f"vs {summary.baseline}"] if summary.baseline and summary.judged else []
    head += ["Place"] if board.places else []
    head += summary.columns
    head += ["Seeds"] if _has_seeds(summary, board) else []
    return [Table(head, [_main_row(summary, board, row) for row in board.rows])]


def about_main_table(summary: Summary, board: Leaderboard) -> str:
    """What its columns are."""
    said = {"Verdicts": bool(summary.baseline and summary.judged), "Places": bool(board.places)}
    named = " and ".join(name for name, is_there in said.items() if is_there)
    seeds = "" if _has_seeds(summary, board) else f" over {phrases.seeds(len(summary.run.seeds))}"
    values = f"{phrases.values_text(summary)}{seeds}; {in_bold(board)}."
    goes_by = f"{named.capitalize()} go by {summary.judged}." if named else ""
    return " ".join(filter(None, (goes_by, about_erratic(board), values)))


def in_bold(board: Leaderboard) -> str:
    """Which values are in bold, and how lost seeds count there."""
    lost = any(row.seeds.lost for row in board.rows)
    counting = ", lost seeds counting as the worst value" if lost else ""
    return f"the best mean of a column in bold{counting}"


def about_erratic(board: Leaderboard) -> str:
    """What the word beside a place is; "" where it stands beside none."""
    if not board.erratic:
        return ""
    return (
        "Erratic are methods that may be first only as their seeds lie far apart, at least "
        f"{WIDER:.0f} times as far as another's with that place."
    )


def times_to_target(summary: Summary, board: Leaderboard) -> list[Part]:
    """When each method reached the target."""
    rows = [(row.method, row.to_target) for row in board.rows if row.to_target]
    if not rows:
        return []
    head = ["Method", "Reached by", "Updates", "Epochs", "Training time"]
    return [
        Heading(f"Time to {phrases.target_text(summary)}"),
        "The first measured moment on the target's side; medians over seeds, a miss counting as "
        "never. In brackets the order statistics that hold the median with 95 % from 6 seeds, the "
        "fewest and most updates below. Training time is what passed until then, pauses by other "
        "work included; a whole training, in the table of costs, is its updates at their median.",
        Table(head, [[method, *_passage(to)] for method, to in rows]),
    ]


def other_values(summary: Summary, board: Leaderboard) -> list[Part]:
    """Final values that have no column in the main table, spectra aside."""
    values = [v for v in summary.values if v not in summary.columns and not in_spectrum(v)]
    if not values or not board.rows:
        return []
    units = {v: f"{v} ({summary.unit(v)})" if summary.unit(v) else v for v in values}
    rows: list[list[str | Cell]] = [
        [row.method, *(_final(board, row, v) for v in values)] for row in board.rows
    ]
    return [Folded("Other final values"), Table(["Method", *units.values()], rows)]


def _has_seeds(summary: Summary, board: Leaderboard) -> bool:
    """Whether seeds have a column: not all methods have all of them."""
    return any(row.seeds.done < len(summary.run.seeds) for row in board.rows)


def _main_row(summary: Summary, board: Leaderboard, row: Row) -> list[str | Cell]:
    judged = [_judged(summary, row)] if summary.baseline and summary.judged else []
    place = [_place(board, row)] if board.places else []
    finals = [_final(board, row, value) for value in summary.columns]
    seeds = [_seeds(row)] if _has_seeds(summary, board) else []
    return [row.method, *judged, *place, *finals, *seeds]


def _seeds(row: Row) -> Cell:
    return Cell(seeds_lines(row), key=row.seeds.done)


def _place(board: Leaderboard, row: Row) -> Cell:
    place = board.places.get(row.method)
    return Cell(place_lines(board, row.method), key=place.first if place else nan)


def _final(board: Leaderboard, row: Row, value: str) -> Cell:
    if value not in row.final:
        return Cell([NOTHING])
    best = value in board.leads and board.leads[value].best == row.method
    return Cell(final_lines(row.final[value]), best, key=row.final[value].mean)


def _judged(summary: Summary, row: Row) -> Cell:
    if summary.is_baseline(row.method):
        return Cell(["baseline"], key=0.0)
    c = row.against.get(summary.judged or "")
    if c is None:
        return Cell([NOTHING])
    percent = [] if isnan(c.percent) else [f"{c.percent:+.3g} %"]
    return Cell([phrases.verdict(c), *percent], key=c.difference.mean)


def _passage(to: ToTarget) -> list[str]:
    reached = f"{to.reached} of {phrases.seeds(to.seeds)}"
    between = between_updates(to)
    if to.updates == inf:
        return [reached, "never" + between, "never", "never"]
    updates = f"{to.updates:,.0f}{between}"
    return [reached, updates, f"{to.epochs:g}", duration(to.seconds)]
