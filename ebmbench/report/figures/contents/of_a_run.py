"""The figures of a report, in its order, and two more that its page draws itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ebmbench.journal.documents import CellRecord
from ebmbench.report.figures.contents.content import Content
from ebmbench.report.figures.contents.learning import learning
from ebmbench.report.figures.contents.searches import searches
from ebmbench.report.figures.contents.shown import shown
from ebmbench.report.figures.contents.sweeps import sweeps
from ebmbench.report.figures.panels import XAxis
from ebmbench.report.figures.price.phases import Floor, phases
from ebmbench.report.figures.price.prices import LABELS, Measure, priced
from ebmbench.report.figures.seeds import lost_on
from ebmbench.report.gallery import Gallery
from ebmbench.summary import Leaderboard, Summary

QUALITY_AGAINST_COST, COST = "pareto", "cost"


def contents(
    summary: Summary,
    gallery: Gallery,
    records: Sequence[CellRecord] = (),
    x: XAxis | None = None,
) -> Iterator[Content]:
    """What is drawn for a report.

    Args:
        summary: of the run.
        gallery: what its metrics show.
        records: of the run, for single seeds.
        x: what learning curves run along; None for what methods were given alike.
    """
    for board in summary.boards:
        yield from sweeps(summary, summary.sweeps(board), records)
        yield from learning(summary, board, records, x)
        yield from searches(summary, board)
        yield from shown(summary, board, gallery)
    yield from sweeps(summary, summary.dataset_sweeps())


def cost_contents(
    summary: Summary, board: Leaderboard, measure: Measure, floor: Floor | None = None
) -> Iterator[Content]:
    """Quality against cost, and an update by phase.

    Args:
        summary: of the run.
        board: the dataset's.
        measure: of a training's cost.
        floor: what the machine would allow; None where that is not known.
    """
    listed = summary.listed(board)
    found = priced(summary, listed, measure)
    if found:
        lost = any(price.lost for part in found for price in part.points)
        but = ", methods that lost seeds aside" if lost else ""
        caption = (
            f"what quality costs on {board.dataset}: final values against {LABELS[measure]}; "
            f"ringed points are on the Pareto front, nothing as cheap is better{but}; an arrow "
            "where an interval goes on beyond the axis"
        )
        yield Content(board.dataset, (QUALITY_AGAINST_COST,), caption, found, lost_on(listed))
    updates = phases(listed, floor)
    if updates:
        beside = ", beside what the machine's roofline allows" if floor else ""
        caption = f"an update on {board.dataset} by phase, measured{beside}; one replica's share"
        yield Content(board.dataset, (COST,), caption, [updates])
