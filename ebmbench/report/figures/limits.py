"""The range of a y axis: what the means span, not what a wide interval or a single curve spans.

Nor what learning curves span before they have learnt anything: see ``counted``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import inf, isnan, log10

from ebmbench.report.figures.panels import Panel
from ebmbench.report.figures.seeds import Trace
from ebmbench.summary import Curve
from ebmbench.summary.statistics import Interval

ROOM = 0.07  # of the axis, beyond what is shown
MOST_BAND = 0.3  # of the means' span, shown of intervals and of seeds that leave it
SMALLEST = 1e-4  # of the largest mean, on a logarithmic axis: below may be what nobody looks for
NOISE = 1e-9  # but where lower is better only what is below this too: a rounding error
FLATTENED = 6.0  # times the others' span: what a curve may make an axis
FLATTENED_DECADES = 12.0  # the same on a logarithmic axis, which is there to hold much
FEW_SEEDS = 0.05  # of seeds' values, at either end, that the axis is not made for
MOST_LEAVING = 3  # one of so many curves may leave the axis, and one of two
FEWEST_HALVED = 4  # points: of fewer none is a start
PAIR = 100.0  # times the other's span: what one of two may make an axis
PAIR_DECADES = 4.0  # decades that one of two must span to leave a logarithmic axis


def limits(panel: Panel) -> tuple[float, float]:
    """The lower and upper end."""
    shown = counted(panel)
    return _decades(shown) if shown.logarithmic else _linear(shown)


def cut_off(panel: Panel) -> bool:
    """Whether a mean lies below the axis."""
    shown = counted(panel)
    means = _means(shown)
    return panel.logarithmic and min(means) < _least(shown, means)


def counted(panel: Panel) -> Panel:
    """The panel with the points that the axis is made for: all, or not the bad starts.

    Learning curves may start so badly that nothing is seen of where they end. Of each the first
    half of its points is then left out where these are worse than all that comes later. That is so
    if without them the curves that stay span less than 1 / ``FLATTENED`` of what they span with
    them (1 / ``FLATTENED_DECADES`` of the decades), as in ``leaving``.
    """
    if panel.better is None or not panel.is_of_training:
        return panel
    late = replace(panel, curves={m: _later(c) for m, c in panel.curves.items()})
    kept = _staying_spans(late)
    if not kept:
        return panel
    low, high = _ends(kept)
    worst = high if panel.better == "lower" else low
    worst = 10**worst if panel.logarithmic else worst
    cut = _without_bad_starts(panel, worst)
    times = FLATTENED_DECADES if panel.logarithmic else FLATTENED
    flattened = 0 < times * _span(_staying_spans(cut)) < _span(_staying_spans(panel))
    return cut if flattened else panel


def starting(panel: Panel) -> dict[str, float]:
    """The curves that stay and come in from beyond the axis, and the worst value of each."""
    shown = counted(panel)
    if shown is panel:
        return {}
    pick = max if panel.better == "lower" else min
    staying = _staying(shown)
    return {
        line: pick(i.mean for i in panel.curves[line].values if not isnan(i.mean))
        for line in staying
        if shown.curves[line] != panel.curves[line]
    }


def _later(curve: Curve) -> Curve:
    """The later half of its points; all of few."""
    start = _start(len(curve.values))
    return Curve(curve.epochs[start:], curve.values[start:])


def _start(points: int) -> int:
    return points // 2 if points >= FEWEST_HALVED else 0


def _without_bad_starts(panel: Panel, worst: float) -> Panel:
    """Without what is worse than ``worst`` in the first half of curves, and of seeds."""

    def kept(values: Sequence[float]) -> list[int]:
        is_bad = [value > worst if panel.better == "lower" else value < worst for value in values]
        return [i for i, bad in enumerate(is_bad) if i >= _start(len(values)) or not bad]

    curves = {}
    for line, curve in panel.curves.items():
        points = kept([i.mean for i in curve.values])
        at, values = (curve.epochs[i] for i in points), (curve.values[i] for i in points)
        same = len(points) == len(curve.values)
        curves[line] = curve if same else Curve(tuple(at), tuple(values))
    seeds = {
        line: [
            Trace(t.seed, tuple(t.x[i] for i in points), tuple(t.y[i] for i in points), t.diverged)
            for t in traces
            for points in [kept(t.y)]
        ]
        for line, traces in panel.seeds.items()
    }
    return replace(panel, curves=curves, seeds=seeds)


def _staying_spans(panel: Panel) -> dict[str, tuple[float, float]]:
    left = _left(panel)
    return {line: ends for line, ends in _spans(panel).items() if line not in left}


def has_band(interval: Interval) -> bool:
    """Whether the interval is drawn: not of one seed or of some, nor where half have one value.

    What such values leave open reaches to the end of the metric's range; tables say so.
    """
    return interval.n > 1 and not interval.tied and not interval.partial


def leaving(panel: Panel) -> dict[str, float]:
    """The curves that would flatten all others, and the value furthest from these.

    A curve leaves the axis if without it the others span less than 1 / ``FLATTENED`` of what all
    span (1 / ``FLATTENED_DECADES`` of the decades on a logarithmic axis); the worst first, and at
    most a third of all. One of two leaves only where a way is better and it lies far beyond. Where
    a way is better, none leaves for being better, but for curves that are rounding errors alone.
    """
    return _left(counted(panel))


def _left(panel: Panel) -> dict[str, float]:
    """The same by all points that the panel has."""
    spans = _spans(panel)
    kept, found = dict(spans), dict[str, float]()
    while len(found) < max(len(spans) // MOST_LEAVING, min(1, len(spans) - 1)):
        far = {line: end for line in kept if (end := _worse_end(panel, kept, line)) is not None}
        if not far:
            break
        line = min(far, key=lambda each: _span(_without(kept, each)))
        if not _is_flattening(panel, kept, line):
            break
        del kept[line]
        found[line] = far[line]
    found |= _buried(panel, kept)
    return {line: 10**end if panel.logarithmic else end for line, end in found.items()}


def _is_flattening(panel: Panel, spans: Mapping[str, tuple[float, float]], line: str) -> bool:
    """Whether the others span next to nothing of what they span with the line."""
    narrow, wide = _span(_without(spans, line)), _span(spans)
    times = FLATTENED_DECADES if panel.logarithmic else FLATTENED
    if len(spans) == 2:
        if panel.better is None or (panel.logarithmic and wide < PAIR_DECADES):
            return False
        times = times if panel.logarithmic else PAIR
    return 0 < times * narrow < wide


def _buried(panel: Panel, spans: Mapping[str, tuple[float, float]]) -> dict[str, float]:
    """The lines that lie below a logarithmic axis as a whole, and the largest of each."""
    if not panel.logarithmic or not spans:
        return {}
    most = 10 ** max(high for _, high in spans.values())
    ends = {line: high for line, (_, high) in spans.items()}
    return {line: high for line, high in ends.items() if _is_noise(panel, 10**high, most)}


def _is_noise(panel: Panel, value: float, most: float) -> bool:
    """Whether a logarithmic axis need not reach down to a value."""
    return value < SMALLEST * most and (panel.better == "higher" or value < NOISE)


def _least(panel: Panel, means: list[float]) -> float:
    """Where a logarithmic axis ends below: at the least that is no rounding error."""
    most, least = max(means), min(means)
    if not _is_noise(panel, least, most):
        return least
    return min(SMALLEST * most, *(mean for mean in means if not _is_noise(panel, mean, most)))


def _linear(panel: Panel) -> tuple[float, float]:
    """Intervals and seeds are shown as far as the means' span stretched by ``MOST_BAND``.

    Where each curve is one point, its interval is half of what it says: half of them are whole.
    Where no mean is negative an interval's negative end is an artefact, and not shown.
    """
    means, spread = _means(panel), _spread(panel)
    least, most = min(means), max(means)
    stretch = max(MOST_BAND * (most - least), _usual_interval(panel))
    low = min([least, *(max(end, least - stretch) for end, _ in spread)])
    high = max([most, *(min(end, most + stretch) for _, end in spread)])
    low = max(low, 0.0) if least >= 0 else low
    room = ROOM * (high - low or abs(high) or 1.0)
    return low - room, high + room


def _usual_interval(panel: Panel) -> float:
    """How far an interval goes from its mean where each curve is one point, by the median."""
    points = [curve.values[0] for curve in _staying(panel).values() if len(curve.values) == 1]
    if len(points) < len(panel.curves) - len(_left(panel)):
        return 0.0
    widths = sorted(max(i.mean - i.low, i.high - i.mean) for i in points if has_band(i))
    return widths[len(widths) // 2] if widths else 0.0


def _decades(panel: Panel) -> tuple[float, float]:
    """Means with room, however low a band hangs: near 0 it hangs infinitely low."""
    means = _means(panel)
    most, least = max(means), _least(panel, means)
    room = (most / least) ** ROOM * 1.1
    return least / room, most * room


def _means(panel: Panel) -> list[float]:
    """Those that the axis is made for, with seeds that are drawn one by one, and the target."""
    means = [i.mean for curve in _staying(panel).values() for i in curve.values]
    known = [mean for mean in means if not isnan(mean)]
    return known + _most_seeds(panel) + ([] if panel.target is None else [panel.target])


def _most_seeds(panel: Panel) -> list[float]:
    """The values of seeds drawn one by one, but for the least and the largest of many."""
    seeds = (trace for line in _staying(panel) for trace in panel.drawn_seeds(line))
    values = sorted(y for trace in seeds for y in trace.y if y > 0 or not panel.logarithmic)
    aside = int(FEW_SEEDS * len(values))
    return values[aside : len(values) - aside]


def _spread(panel: Panel) -> list[tuple[float, float]]:
    """The ends of what is drawn around the means: of bands, or of seeds in their place."""
    found = []
    for line, curve in _staying(panel).items():
        if seeds := panel.drawn_seeds(line):
            found += [(min(trace.y), max(trace.y)) for trace in seeds if trace.y]
        else:
            found += [(i.low, i.high) for i in curve.values if has_band(i)]
    return found


def _staying(panel: Panel) -> Mapping[str, Curve]:
    left = _left(panel)
    return {line: curve for line, curve in panel.curves.items() if line not in left}


def _spans(panel: Panel) -> dict[str, tuple[float, float]]:
    """Line -> the smallest and the largest mean, as the axis measures them."""
    found = {}
    for line, curve in panel.curves.items():
        means = [i.mean for i in curve.values if not isnan(i.mean)]
        if means:
            low, high = min(means), max(means)
            found[line] = (log10(low), log10(high)) if panel.logarithmic else (low, high)
    return found


def _worse_end(panel: Panel, spans: Mapping[str, tuple[float, float]], line: str) -> float | None:
    """The line's end that is further from the others; None where it is the better one."""
    low, high = spans[line]
    middle = sum(_ends(_without(spans, line))) / 2
    is_below = middle - low > high - middle
    if panel.better == ("lower" if is_below else "higher"):
        return None
    return low if is_below else high


def _without(spans: Mapping[str, tuple[float, float]], line: str) -> dict[str, tuple[float, float]]:
    return {each: ends for each, ends in spans.items() if each != line}


def _ends(spans: Mapping[str, tuple[float, float]]) -> tuple[float, float]:
    return min(low for low, _ in spans.values()), max(high for _, high in spans.values())


def _span(spans: Mapping[str, tuple[float, float]]) -> float:
    low, high = _ends(spans) if spans else (0.0, inf)
    return high - low
