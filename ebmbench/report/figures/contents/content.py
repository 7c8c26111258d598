"""What a figure shows: a title, a caption, and what fills its axes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ebmbench.report.figures.panels import Panel
from ebmbench.report.figures.price.phases import Phases
from ebmbench.report.figures.price.prices import Prices
from ebmbench.report.gallery import Grid
from ebmbench.summary import part_of


@dataclass(frozen=True)
class Images:
    """A grid of images under its title."""

    title: str
    grid: Grid


Part = Panel | Images | Prices | Phases
"""What fills a pair of axes, or several where it is crowded."""


@dataclass(frozen=True)
class Content:
    """What a figure shows.

    Attributes:
        dataset: where in the report it belongs.
        name: what it shows; with the dataset its file's name.
        caption: says so in words.
        parts: one after another.
        lost: method -> how many of its seeds did not end well, where some did not.
    """

    dataset: str
    name: tuple[str, ...]
    caption: str
    parts: Sequence[Part]
    lost: Mapping[str, str] = field(default_factory=dict)

    @property
    def panels(self) -> list[Panel]:
        """Those of its parts that are curves."""
        return [part for part in self.parts if isinstance(part, Panel)]

    @property
    def said_of(self) -> dict[str, str]:
        """Method -> how many seeds did not end well, or why it has no curve in any panel."""
        absent = {line: why for panel in self.panels for line, why in panel.absent.items()}
        in_none = {
            line: why
            for line, why in absent.items()
            if all(line in panel.absent for panel in self.panels if line in panel.curves)
        }
        return {**self.lost, **in_none}

    @property
    def is_crowded(self) -> bool:
        """Whether its curves are too many for one pair of axes: then each has one of its own."""
        return any(panel.is_crowded for panel in self.panels)

    def caption_of(self, panel: Panel) -> str:
        """Where the panel stands alone."""
        return panel.value + self.caption.removeprefix(self.name[0])

    def in_pages(self) -> Iterator[Content]:
        """Itself, or where it is crowded a figure per part: all together would be too high."""
        if not self.is_crowded or len(self.parts) == 1:
            yield self
            return
        for panel in self.panels:
            name = (*self.name, part_of(panel.value)) if part_of(panel.value) else self.name
            yield replace(self, name=name, caption=self.caption_of(panel), parts=[panel])
