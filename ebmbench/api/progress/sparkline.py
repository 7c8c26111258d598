"""A curve in a line of text."""

from __future__ import annotations

from math import log

from ebmbench.journal.trend import Trend

LEVELS = "\u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588"
PLAIN_LEVELS = "_.-~=+*#"  # where the others cannot be shown
DECADES = 100.0  # a ratio from which on a curve is drawn by its logarithm


def sparkline(trend: Trend, epoch: int, width: int, plain: bool = False) -> str:
    """The values over the epochs so far, the lowest at the bottom: one letter per step of epochs.

    Args:
        trend: (epoch, value), the earliest first.
        epoch: where the training is now.
        width: letters.
        plain: whether only ASCII can be shown.
    """
    if len(trend) < 2:
        return ""
    values = _scaled([value for _, value in trend])
    first, last = trend[0][0], max(epoch, trend[-1][0])
    letters, at = [], 0
    for column in range(width):
        until = first + (last - first) * column / max(width - 1, 1)
        while at + 1 < len(trend) and trend[at + 1][0] <= until:
            at += 1
        letters.append((PLAIN_LEVELS if plain else LEVELS)[values[at]])
    return "".join(letters)


def _scaled(values: list[float]) -> list[int]:
    """Each value's level."""
    low, high = min(values), max(values)
    if low > 0 and high / low > DECADES:
        values = [*map(log, values)]
        low, high = log(low), log(high)
    top = len(LEVELS) - 1
    half = high / 2 - low / 2 or 1.0  # the whole may be more than a number can be
    return [round(top * ((value / 2 - low / 2) / half)) for value in values]
