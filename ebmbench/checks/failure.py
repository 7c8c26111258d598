"""How a check says what it found."""

from __future__ import annotations


class Failed(AssertionError):  # noqa: N818, it is a finding
    """It does not hold: what, where, how far off, and what it usually means."""


class NotApplicable(Exception):  # noqa: N818
    """It cannot be looked at, and why."""


def require(holds: bool, sentence: str) -> None:
    """Fail with the sentence unless it holds."""
    if not holds:
        raise Failed(sentence)
