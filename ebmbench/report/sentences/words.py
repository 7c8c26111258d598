"""Enumerations and ratios in words."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

MOST_NAMES = 4  # of those that a sentence can hold


def names(each: Sequence[str], most: int = MOST_NAMES) -> str:
    """``A``, ``A and B``, ``A, B, C and 7 others``."""
    shown = list(each) if len(each) <= most + 1 else [*each[:most], f"{len(each) - most} others"]
    return " and ".join(filter(None, [", ".join(shown[:-1]), *shown[-1:]]))


def is_or_are(each: Sequence[str]) -> str:
    """The verb after :func:`names`."""
    return "is" if len(each) == 1 else "are"


def short(x: float) -> str:
    """Two digits, or all before the point."""
    return f"{x:.2g}" if x < 99.5 else f"{x:,.0f}"


def times(ratio: float) -> str:
    """``20 times as long as``, ``about as long as``, ``31 % of``: how two times compare."""
    if not isfinite(ratio) or not ratio:
        return ""
    if 0.87 < ratio < 1.15:
        return "about as long as"
    if ratio > 1:
        return f"{short(ratio)} times as long as"
    return f"{100 * ratio:.2g} % of"


def percent(x: float) -> str:
    """``94 % lower``; ``12 times as high`` where percents are no help; "" for NaN."""
    if not isfinite(x) or x == 0:
        return ""
    if x > 150:
        return f"{short(1 + x / 100)} times as high"
    return f"{abs(x):.2g} % {'lower' if x < 0 else 'higher'}" if abs(x) >= 0.1 else ""
