"""Numbers with few digits, and JSON that can stand inside a page."""

from __future__ import annotations

import json
from collections.abc import Iterable
from math import isfinite
from typing import Any

DIGITS = 5
ESCAPES = str.maketrans({letter: f"\\u{ord(letter):04x}" for letter in "<>&\u2028\u2029"})


def short(x: float | None, digits: int = DIGITS) -> float | int | None:
    """The number with so many digits; None for what is not finite."""
    if x is None or not isfinite(x):
        return None
    rounded = float(f"{x:.{digits}g}")
    return int(rounded) if rounded.is_integer() and abs(rounded) < 1e15 else rounded


def all_short(numbers: Iterable[float | None], digits: int = DIGITS) -> list[float | int | None]:
    """Each with few digits."""
    return [short(x, digits) for x in numbers]


def in_script(content: Any) -> str:
    """As JSON that ends no script and opens no comment, whatever texts it holds."""
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.translate(ESCAPES)
