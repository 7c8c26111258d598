"""All numbers that the page carries, as plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ebmbench.journal.documents import CellRecord
from ebmbench.report.figures import limits
from ebmbench.report.figures.panels import FEWEST_FOR_BAND, MOST_BANDS
from ebmbench.report.figures.price.phases import Floor
from ebmbench.report.figures.seeds import lost_on
from ebmbench.report.figures.styles import MARKS, styles_of
from ebmbench.report.gallery import Gallery
from ebmbench.report.page.charts import Chart, charts, sweep_charts
from ebmbench.report.page.curves import curves
from ebmbench.report.page.films import Film
from ebmbench.report.page.prices import parts_of_updates, quality_against_cost
from ebmbench.summary import Leaderboard, Summary

LIMITS = {
    "room": limits.ROOM,
    "band": limits.MOST_BAND,
    "smallest": limits.SMALLEST,
    "noise": limits.NOISE,
    "pair": limits.PAIR,
    "pairDecades": limits.PAIR_DECADES,
    "flattened": limits.FLATTENED,
    "flattenedDecades": limits.FLATTENED_DECADES,
    "leaving": limits.MOST_LEAVING,
    "seeds": limits.FEW_SEEDS,
    "halved": limits.FEWEST_HALVED,
}


def carried(
    summary: Summary,
    records: Sequence[CellRecord],
    gallery: Gallery,
    films: Sequence[Film],
    seeds: Sequence[int],
    floor: Floor | None = None,
) -> dict[str, Any]:
    """The numbers behind all pictures of the page.

    Args:
        summary: of the run.
        records: what it sums up.
        gallery: what its metrics show.
        films: of the page.
        seeds: that are carried one by one.
        floor: what the machine would allow; None where that is not known.
    """
    lines = {line: number for number, line in enumerate(summary.lines)}
    one_by_one = [r for r in records if r.status == "done" and r.seed in set(seeds)]
    diverged = [r for r in records if r.status == "diverged"]
    return {
        "suite": summary.run.suite,
        "trained": summary.trained,
        "judged": summary.judged,
        "x": _first_axis(summary),
        "seeds": {"carried": len(seeds), "of": len(summary.run.seeds)},
        "fewest": FEWEST_FOR_BAND,
        "bands": MOST_BANDS,
        "limits": LIMITS,
        "markColours": MARKS,
        "lines": [
            {
                "name": name,
                "colour": look.colour,
                "marker": look.marker,
                "dashes": look.dashes[1],
                "hollow": look.hollow,
            }
            for name, look in styles_of(list(lines)).items()
        ],
        "boards": [
            _board(
                summary,
                board,
                lines,
                _by_method(one_by_one, board.dataset),
                _by_method(diverged, board.dataset),
                [*charts(summary, board, gallery)],
                [film for film in films if film.dataset == board.dataset],
                floor,
            )
            for board in summary.boards
        ],
        "sweeps": [
            {"dataset": s.dataset, "charts": [c.numbers(lines) for c in sweep_charts(summary, [s])]}
            for s in summary.dataset_sweeps()
        ],
    }


def _board(
    summary: Summary,
    board: Leaderboard,
    lines: Mapping[str, int],
    records: Mapping[str, Sequence[CellRecord]],
    diverged: Mapping[str, Sequence[CellRecord]],
    other: Sequence[Chart],
    films: Sequence[Film],
    floor: Floor | None,
) -> dict[str, Any]:
    listed = summary.listed(board)
    return {
        "dataset": board.dataset,
        "methods": [lines[row.method] for row in listed.rows],
        "first": [lines[method] for method in shown_first(summary, listed)],
        "lost": {lines[method]: said for method, said in lost_on(listed).items()},
        **curves(summary, listed, lines, records, diverged),
        "charts": [chart.numbers(lines) for chart in other],
        "quality": quality_against_cost(summary, listed, lines),
        "updates": parts_of_updates(listed, lines, floor),
        "films": [film.numbers(lines) for film in films],
    }


def _by_method(records: Sequence[CellRecord], dataset: str) -> dict[str, list[CellRecord]]:
    """A dataset's records."""
    found: dict[str, list[CellRecord]] = {}
    for record in records:
        if record.dataset == dataset:
            found.setdefault(record.method, []).append(record)
    return found


def shown_first(summary: Summary, listed: Leaderboard) -> list[str]:
    """The methods that a page starts with: the baseline and the best, as many as bands may be."""
    lead = listed.leads.get(summary.judged or "")
    methods = [row.method for row in listed.rows]
    baselines = [m for m in methods if summary.is_baseline(m)]
    ranked = [*baselines, *(lead.ranking if lead else ()), *methods]
    kept = [m for m in dict.fromkeys(ranked) if m in methods][:MOST_BANDS]
    return [m for m in methods if m in kept]


def _first_axis(summary: Summary) -> str:
    """What methods were given alike."""
    until = summary.run.until
    if until is None:
        return "epoch"
    return (
        "macs" if until.macs is not None else "update" if until.updates is not None else "seconds"
    )
