"""A value so far, in few points: enough to draw how it went, and never more than that."""

from __future__ import annotations

MOST_POINTS = 64

Trend = tuple[tuple[int, float], ...]
"""(epoch, value) of each measurement, the earliest first; of many, every second one is left out."""


def extended(trend: Trend, epoch: int, value: float | None) -> Trend:
    """The trend with what is known at an epoch; the value of before is nothing new."""
    if trend and epoch < trend[-1][0]:  # begun anew, or another part of a block
        trend = ()
    if value is None or (trend and trend[-1][1] == value):
        return trend
    trend = (*trend, (epoch, value))
    return (*trend[:-1:2], trend[-1]) if len(trend) > MOST_POINTS else trend
