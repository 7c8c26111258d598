"""Digits that a comparison looks at: those that a baseline keeps."""

from __future__ import annotations

DIGITS = 6  # significant ones: float32 has about seven, the last of which differs by machine


def rounded(x: float) -> float:
    """``x`` to :data:`DIGITS` significant digits; NaN and infinities as they are."""
    return float(f"{x:.{DIGITS}g}")


def resolution(largest: float) -> float:
    """A difference between numbers of up to this size that may be rounding alone."""
    return 10.0 ** (1 - DIGITS) * abs(largest)
