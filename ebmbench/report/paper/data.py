"""The very numbers that a figure draws, as rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ebmbench.report.figures.contents.content import Content, Images, Part
from ebmbench.report.figures.limits import has_band
from ebmbench.report.figures.panels import Panel
from ebmbench.report.figures.price.phases import Phases
from ebmbench.report.figures.price.prices import LABELS, Prices
from ebmbench.report.figures.seeds import Trace
from ebmbench.report.gallery import MOST_IMAGES
from ebmbench.report.rows import WRITERS, Format
from ebmbench.summary.statistics import Interval
from ebmbench.training.stopwatch import PHASES

Row = dict[str, Any]
DIVERGED = "diverged"  # where a cross is drawn


def lines_of(content: Content, form: Format) -> Iterator[str]:
    """The rows as CSV or as lines of JSON."""
    rows = [{"dataset": content.dataset, **row} for part in content.parts for row in rows_of(part)]
    columns = dict.fromkeys(column for row in rows for column in row)
    return WRITERS[form](list(columns), iter(rows))


def rows_of(part: Part) -> Iterator[Row]:
    """What a part draws."""
    if isinstance(part, Panel):
        for line in part.curves:
            yield from _rows_of_line(part, line)
    elif isinstance(part, Prices):
        yield from _rows_of_prices(part)
    elif isinstance(part, Phases):
        yield from _rows_of_phases(part)
    else:
        yield from _rows_of_images(part)


def _rows_of_line(panel: Panel, line: str) -> Iterator[Row]:
    """The mean with its interval where one is drawn; then seeds, each with its number."""
    head = {"value_of": panel.value, "unit": panel.unit, "line": line, "along": panel.x.label}
    seeds, curve = panel.drawn_seeds(line), panel.curves[line]
    for x, interval in zip(curve.epochs, curve.values, strict=True):
        low, high = (None, None) if seeds else _ends(interval)
        row = {"seed": "mean", "x": x, "value": interval.mean, "low": low, "high": high}
        yield {**head, **row, "n": interval.n, "mark": ""}
    alone = [*seeds, *panel.last_traces(line)]
    drawn = [point for trace in alone for point in _points(trace)]
    crosses = [_points(trace)[-1] for trace in panel.diverged_seeds(line)]
    for mark, points in (("", drawn), (DIVERGED, crosses)):
        for seed, x, value in points:
            row = {"seed": seed, "x": x, "value": value, "low": None, "high": None}
            yield {**head, **row, "n": 1, "mark": mark}


def _points(trace: Trace) -> list[tuple[int, float, float]]:
    return [(trace.seed, x, y) for x, y in zip(trace.x, trace.y, strict=True)]


def _ends(interval: Interval) -> tuple[float | None, float | None]:
    return (interval.low, interval.high) if has_band(interval) else (None, None)


def _rows_of_prices(part: Prices) -> Iterator[Row]:
    for price in part.points:
        low, high = _ends(price.final)
        yield {
            "value_of": part.value,
            "unit": part.unit,
            "line": price.method,
            "along": LABELS[part.measure],
            "x": price.cost(part.measure),
            "value": price.final.mean,
            "low": low,
            "high": high,
            "n": price.final.n,
            "on_front": price.method in part.front,
        }


def _rows_of_phases(part: Phases) -> Iterator[Row]:
    for update in part.updates:
        for phase in PHASES:
            yield {
                "line": update.method,
                "phase": phase,
                "seconds": update.seconds[phase],
                "floor_seconds": update.floor.get(phase),
                **update.counted[phase]._asdict(),
            }


def _rows_of_images(part: Images) -> Iterator[Row]:
    """An image a row: its pixels row by row, from -1, black, to 1, white."""
    grid = part.grid
    for i, image in enumerate(grid.pixels[:MOST_IMAGES]):
        mark = "" if grid.marks is None else grid.legend[int(grid.marks[i])]
        pixels = " ".join(_row(row) for row in image.clip(-1, 1))
        yield {
            "line": part.title,
            "epoch": grid.epoch,
            "seed": grid.seed,
            "image": i,
            "mark": mark,
            "height": image.shape[0],
            "width": image.shape[1],
            "pixels": pixels,
        }


def _row(row: Sequence[float]) -> str:
    return " ".join(f"{x:.3g}" for x in row)
