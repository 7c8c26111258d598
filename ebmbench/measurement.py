"""A metric that a suite chose, when it is measured, and the name its values bear."""

from __future__ import annotations

from typing import NamedTuple

from ebmbench.choice import Choice
from ebmbench.schedule import At


class Measurement(NamedTuple):
    """One entry of a suite's metrics.

    Attributes:
        metric: what is measured.
        at: when.
        name: what its values are called, ``gibbs_accessibility``; unique in a suite.
    """

    metric: Choice
    at: At
    name: str

    def value_name(self, part: str) -> str:
        """``name.part``, or ``name`` for a metric of a single value."""
        return f"{self.name}.{part}" if part else self.name
