"""A mean and its half-width as text."""

from __future__ import annotations

from math import floor, isnan, log10


def in_digits(mean: float, half: float) -> tuple[str, str]:
    """A mean and its half-width as text: two digits of the half-width, and as many of the mean.

    ``half`` NaN gives three digits of the mean and ``""``; one too narrow to be shown, ``<0.0001``.
    """
    if mean == 0 and not half > 0:
        return "0", "" if isnan(half) else "0"
    largest = max(abs(mean), 0.0 if isnan(half) else half)
    if largest and not 1e-4 <= largest < 1e5:
        power = floor(log10(largest))
        pair = in_digits(mean / 10.0**power, half / 10.0**power)
        return pair[0] + f"e{power}", pair[1] and pair[1] + f"e{power}"
    places = _places(half, 2) if half > 0 else _places(mean, 3)
    places = min(places, _places(largest, 5))  # a spuriously narrow interval: five digits do
    rounded = round(mean, places) + 0.0  # + 0.0: no "-0.00"
    return f"{rounded:.{places}f}", _half_text(half, places)


def _half_text(half: float, places: int) -> str:
    if isnan(half):
        return ""
    text = f"{half:.{places}f}"
    return "0" if not half else text if float(text) else f"<{10.0**-places:.{places}f}"


def _places(x: float, digits: int) -> int:
    if x == 0:
        return digits
    return max(0, digits - 1 - floor(log10(abs(float(f"{x:.{digits - 1}e}")))))
