"""The range of a y axis: what the means span, not what a wide interval spans."""

from __future__ import annotations

from math import isnan

from ebmbench.report.figures.panels import Panel
from ebmbench.summary.statistics import Interval

ROOM = 0.07  # of the axis, beyond what is shown
MOST_BAND = 0.3  # of the means' span, shown of intervals that leave it
SMALLEST = 1e-4  # of the largest mean, on a logarithmic axis: below, rounding errors begin


def limits(panel: Panel) -> tuple[float, float]:
    """The lower and upper end."""
    return _decades(panel) if panel.logarithmic else _linear(panel)


def cut_off(panel: Panel) -> bool:
    """Whether a mean lies below the axis."""
    means = _means(panel)
    return panel.logarithmic and min(means) < SMALLEST * max(means)


def has_band(interval: Interval) -> bool:
    """Whether the interval is drawn: not of one seed or of some, nor where half have one value.

    What such values leave open reaches to the end of the metric's range; tables say so.
    """
    return interval.n > 1 and not interval.tied and not interval.partial


def _linear(panel: Panel) -> tuple[float, float]:
    """Intervals are shown as far as the means' span stretched by ``MOST_BAND``.

    Where no mean is negative an interval's negative end is an artefact, and not shown.
    """
    means, bands = _means(panel), [i for i in panel.intervals if has_band(i)]
    least, most = min(means), max(means)
    stretch = MOST_BAND * (most - least)
    low = min([least, *(max(i.low, least - stretch) for i in bands)])
    high = max([most, *(min(i.high, most + stretch) for i in bands)])
    low = max(low, 0.0) if least >= 0 else low
    room = ROOM * (high - low or abs(high) or 1.0)
    return low - room, high + room


def _decades(panel: Panel) -> tuple[float, float]:
    """Means with room, however low a band hangs: near 0 it hangs infinitely low."""
    most = max(_means(panel))
    least = max(min(_means(panel)), SMALLEST * most)
    room = (most / least) ** ROOM * 1.1
    return least / room, most * room


def _means(panel: Panel) -> list[float]:
    means = [i.mean for i in panel.intervals if not isnan(i.mean)]
    return means + ([] if panel.target is None else [panel.target])
