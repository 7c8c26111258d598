"""What is run, where a suite is several runs: the rounds of its search, and what is reported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ebmbench.interfaces.metric import Direction


@dataclass(frozen=True)
class Scene:
    """A run as a part of what was asked for.

    Attributes:
        title: of the part, ``search 1/3``; "" where it is all.
        of: trial -> the method that it is of; empty where nothing is searched.
        better: which way the value is better that is searched for.
    """

    title: str = ""
    of: Mapping[str, str] = field(default_factory=dict)
    better: Direction = "lower"

    @property
    def what(self) -> str:
        """What is counted."""
        return "trial" if self.of else "cell"


FINAL = Scene()
