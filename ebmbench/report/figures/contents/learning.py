"""A figure per metric: learning curves, or a spectrum."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ebmbench.journal.documents import CellRecord
from ebmbench.report.figures.contents.content import Content
from ebmbench.report.figures.limits import SMALLEST, cut_off, leaving, starting
from ebmbench.report.figures.panels import (
    FEWEST_FOR_BAND,
    Panel,
    XAxis,
    panels,
    spectrum,
)
from ebmbench.report.figures.seeds import lost_on
from ebmbench.summary import Leaderboard, Summary, in_spectrum

MEAN = (
    "mean and 95 % interval over seeds, none where half of them or more have one value, and a gap "
    "where some have none"
)
BY_SEED = "single seeds as thin lines, and their mean, with a gap where some have no value"


def learning(
    summary: Summary,
    board: Leaderboard,
    records: Sequence[CellRecord] = (),
    x: XAxis | None = None,
) -> Iterator[Content]:
    """The metrics' figures; none for what is measured only once.

    Args:
        summary: of the run.
        board: the dataset's.
        records: of the run, for single seeds.
        x: what curves run along; None for what methods were given alike.
    """
    listed = summary.listed(board)
    left_out = "; swept methods are left out" if len(listed.rows) < len(board.rows) else ""
    for metric, values in summary.metrics.items():
        if any(map(in_spectrum, values)):
            parts = [panel for panel in [spectrum(summary, listed, metric)] if panel.curves]
            when = "after training" if summary.trained else "of untrained models"
        else:
            parts, when = panels(summary, listed, metric, records, x), "over training"
        if parts:
            caption = f"{metric} {when} on {board.dataset}: {shown_in(parts)}{left_out}"
            yield Content(board.dataset, (metric,), caption, parts, lost_on(listed))


def shown_in(parts: Sequence[Panel]) -> str:
    """What is drawn of the seeds, and what is not drawn."""
    lines = [(panel, line) for panel in parts for line in panel.curves if panel.curves[line].values]
    by_seed = [bool(panel.drawn_seeds(line)) for panel, line in lines]
    said = [BY_SEED if lines and all(by_seed) and parts[0].one_by_one else MEAN]
    if any(by_seed) and said == [MEAN]:
        whose = "" if parts[0].one_by_one else f" of fewer than {FEWEST_FOR_BAND}"
        said.append(f"single seeds{whose} in place of an interval")
    if any(panel.diverged_seeds(line) for panel in parts for line in panel.curves):
        said.append(
            "a cross at the last value of a seed that diverged after it, where the axis holds it"
        )
    if absent := absent_in(parts):
        said.append(f"no curve of {absent}")
    if any(map(cut_off, parts)):
        said.append(f"values below {SMALLEST:g} of the largest are not shown")
    if any(map(leaving, parts)):
        said.append("a curve that would flatten the others leaves at an arrow that says how far")
    if any(map(starting, parts)):
        said.append("curves that start far off come in at an arrow that says from how far")
    return "; ".join(said)


def absent_in(parts: Sequence[Panel]) -> str:
    """``Half (5 diverged of 5), Odd in nll.test (no value on 1 of 5 seeds)``; "" for none."""
    found: dict[tuple[str, str], list[str]] = {}
    for panel in parts:
        for each in panel.absent.items():
            found.setdefault(each, []).append(panel.value)
    return ", ".join(
        f"{line} ({why})" if len(values) == len(parts) else f"{line} in {_all(values)} ({why})"
        for (line, why), values in found.items()
    )


def _all(values: Sequence[str]) -> str:
    return " and ".join(values)
