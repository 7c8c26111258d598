"""Numbers as text: three digits and a prefix or a unit."""

from __future__ import annotations

from collections.abc import Iterable
from math import inf, isnan

from ebmbench.summary import UpdateCost
from ebmbench.summary.statistics import Interval
from ebmbench.training.stopwatch import PHASES

NOTHING = "-"
THOUSANDS = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))
TIMES = ((3600.0, "h"), (60.0, "min"), (1.0, "s"), (1e-3, "ms"), (1e-6, "µs"))


def count(x: float) -> str:
    """Three digits and a prefix: ``1.28 M``."""
    return NOTHING if isnan(x) else _scaled(x, THOUSANDS)


def duration(seconds: float) -> str:
    """Three digits and a unit: ``412 µs``, ``1.28 s``; "never" for infinity."""
    if isnan(seconds) or seconds == inf:
        return NOTHING if isnan(seconds) else "never"
    return _scaled(seconds, TIMES) if seconds >= 1e-6 else f"{1e6 * seconds:.2g} µs"


def span(seconds: float) -> str:
    """As people say how long they wait: ``40 s``, ``12 min``, ``2.5 h``."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    minutes = seconds / 60
    return f"{minutes:.0f} min" if minutes < 100 else f"{minutes / 60:.1f} h"


def ratio(x: float) -> str:
    """``0.05x``."""
    return NOTHING if isnan(x) else f"{x:.2g}x" if x < 99.5 else f"{x:,.0f}x"


def signed(difference: Interval) -> str:
    """An interval with its sign: ``+0.12 ± 0.03``; without one where no digit of it is shown."""
    is_shown = any(digit in "123456789" for digit in difference.mean_text.partition("e")[0])
    return ("+" if difference.mean > 0 and is_shown else "") + str(difference)


def split(cost: UpdateCost) -> str:
    """The phases in the unit and with the decimals of their total."""
    scale = next((scale for scale, _ in TIMES if cost.total_seconds >= 0.9995 * scale), 1e-6)
    places = _decimals(cost.total_seconds / scale)
    return "+".join(f"{cost.seconds[phase] / scale:.{places}f}" for phase in PHASES)


def _scaled(x: float, scales: Iterable[tuple[float, str]]) -> str:
    for scale, prefix in scales:
        if x >= 0.9995 * scale:
            return f"{x / scale:.{_decimals(x / scale)}f} {prefix}"
    return f"{x:.3g}"


def _decimals(x: float) -> int:
    """Of a number from 1 to 999, for three digits."""
    return 0 if x >= 99.95 else 1 if x >= 9.995 else 2
