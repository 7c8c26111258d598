"""What is to be drawn beside learning curves: sweeps, what search finds, what metrics show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ebmbench.journal.documents import CellRecord, PictureAbout
from ebmbench.report.figures.panels import Panel, XAxis, spans_decades, title_of, without_empty
from ebmbench.report.figures.seeds import lost_in, sweep_traces
from ebmbench.report.gallery import Gallery
from ebmbench.summary import Curve, Leaderboard, Summary, Sweep
from ebmbench.summary.statistics import Interval, interval
from ebmbench.summary.tuning import search_curve

TRIALS = XAxis("trials", logarithmic=True)


def sweep_panel(
    summary: Summary, sweep: Sweep, value: str, records: Sequence[CellRecord] = ()
) -> Panel | None:
    """A value against the swept option, a curve per line; None where no line has it.

    Args:
        summary: of the run.
        sweep: of methods on a dataset, or of datasets.
        value: what is drawn.
        records: of the dataset, for single seeds; without them there are none.
    """
    whole = {line: sweep.curve(line, value) for line in sweep.lines}
    seen = {line: curve for line, curve in whole.items() if curve.epochs}
    if not seen:
        return None
    lost = lost_in(sweep)
    absent = {line: lost[line] for line in whole if line not in seen and line in lost}
    curves = {line: curve for line, curve in whole.items() if line in seen or line in absent}
    title, unit, log = title_of(summary, value), summary.unit(value), spans_decades(seen)
    panel = Panel(title, unit, curves, log, x=_x_of(sweep), value=value, absent=absent)
    seeds = {line: sweep_traces(records, sweep, line, value) for line in curves}
    return replace(panel, seeds=seeds, ends=summary.ends(value), better=summary.better(value))


def search_panel(summary: Summary, board: Leaderboard) -> Panel | None:
    """The expected best of n trials, a curve per method; None where there was no search."""
    found = summary.run.tuning
    curves = {}
    for each in found.on(board.dataset) if found else ():
        curve = search_curve(each, found.better) if found else None
        if curve and len(curve.trials) > 1:
            means = tuple(map(_certain, curve.expected))
            curves[each.method] = Curve(tuple(map(float, curve.trials)), means)
    if not curves or found is None:
        return None
    title = f"{found.spec.metric} ({found.better} is better)"
    unit, value = summary.unit(found.spec.metric), found.spec.metric
    log = spans_decades(curves)
    return Panel(title, unit, curves, log, x=TRIALS, value=value, better=found.better)


def shown_panel(
    board: Leaderboard, name: str, about: PictureAbout, gallery: Gallery
) -> Panel | None:
    """A curve that a metric shows, of each method at the last epoch; None where none has one."""
    found = {row.method: gallery.curve(board.dataset, row.method, name) for row in board.rows}
    curves = {m: kept for m, c in found.items() if c and (kept := without_empty(c)).epochs}
    if not curves:
        return None
    x = XAxis(about.x_label, logarithmic=False)
    return Panel(name, about.y_label, curves, logarithmic=False, x=x, value=name)


def _x_of(sweep: Sweep) -> XAxis:
    """Logarithmic where the option's values span more than a decade."""
    least, most = sweep.points[0], sweep.points[-1]
    return XAxis(sweep.axis.name, least > 0 and most > 10 * least, sweep.axis.marks)


def _certain(mean: float) -> Interval:
    """A number without an interval."""
    return interval([mean])
