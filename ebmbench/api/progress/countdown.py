"""Time that is left, told calmly: an estimate jumps, what is shown of it does not."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import exp, log

SETTLING = 0.2  # of what is left: so long it takes until an estimate is followed by two thirds
SHORTEST, LONGEST = 1.0, 10.0  # seconds, between which that is
MOST_RISE = 2.0  # times what was shown before, from one picture to the next
LEAST = 0.5  # seconds: less is nothing


@dataclass
class Countdown:
    """What is shown of a time that is left.

    Between two estimates it goes down with the clock. A new estimate is followed by and by, in
    ratios: one ten times as large counts as much as one a tenth as large.

    Attributes:
        shown: seconds; None before there was any.
        at: when, by the clock.
    """

    shown: float | None = None
    at: float = 0.0

    def told(self, left: float | None, now: float) -> float | None:
        """What is shown of an estimate; None where there is none."""
        if left is None or self.shown is None or left < LEAST:
            self.shown, self.at = left, now
            return left
        before = self.shown
        passed = now - self.at
        expected = max(before - passed, LEAST)
        share = 1 - exp(-passed / min(max(SETTLING * left, SHORTEST), LONGEST))
        calm = exp((1 - share) * log(expected) + share * log(left))
        self.shown, self.at = min(calm, MOST_RISE * max(before, LEAST)), now
        return self.shown


@dataclass
class Countdowns:
    """One for all, and one for each line, by its name."""

    of: dict[str, Countdown] = field(default_factory=dict)

    def told(self, name: str, left: float | None, now: float) -> float | None:
        """What is shown of an estimate of the line."""
        return self.of.setdefault(name, Countdown()).told(left, now)
