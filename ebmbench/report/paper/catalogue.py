"""Which figures a run has, by the names that a command line takes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ebmbench.errors import ConfigError, Problem, did_you_mean
from ebmbench.journal.documents import CellRecord
from ebmbench.report.figures.contents.content import Content
from ebmbench.report.figures.contents.of_a_run import contents, cost_contents
from ebmbench.report.figures.panels import EPOCHS, MACS, SECONDS, UPDATES, XAxis
from ebmbench.report.figures.price.phases import Floor
from ebmbench.report.gallery import Gallery
from ebmbench.summary import Summary

Along = Literal["epochs", "updates", "seconds", "macs"]
AXES: Mapping[Along, XAxis] = {
    "epochs": EPOCHS,
    "updates": UPDATES,
    "seconds": SECONDS,
    "macs": MACS,
}


@dataclass(frozen=True)
class Source:
    """A run, as far as its figures need it.

    Attributes:
        summary: of the run.
        records: what it sums up, in its order.
        gallery: what its metrics show.
        floor: what the machine would allow of an update; None where that is not known.
    """

    summary: Summary
    records: Sequence[CellRecord]
    gallery: Gallery
    floor: Floor | None = None

    @property
    def place(self) -> str:
        """What errors call it."""
        return self.summary.run.suite


def figures(source: Source, along: Along | None = None) -> dict[str, list[Content]]:
    """Name -> a figure per dataset: those of the report, then what quality and an update cost.

    Args:
        source: the run.
        along: what learning curves and costs run along; None for what suits the run.
    """
    axis = AXES[along] if along else None
    found: dict[str, list[Content]] = {}
    for content in contents(source.summary, source.gallery, source.records, axis):
        found.setdefault(name_of(content), []).append(content)
    for board in source.summary.boards:
        measure: Literal["seconds", "macs"] = "macs" if along == "macs" else "seconds"
        for content in cost_contents(source.summary, board, measure, source.floor):
            found.setdefault(name_of(content), []).append(content)
    return found


def name_of(content: Content) -> str:
    """As one word."""
    return re.sub(r"\s+", "-", "-".join(content.name))


def of_methods(source: Source, methods: Sequence[str]) -> Source:
    """With these methods alone; what the whole run says of them stays as it is.

    Raises:
        ConfigError: there is no such method.
    """
    known = source.summary.run.methods
    for method in methods:
        _require(source, "method", method, known)
    boards = tuple(
        replace(board, rows=tuple(row for row in board.rows if row.method in methods))
        for board in source.summary.boards
    )
    return replace(source, summary=replace(source.summary, boards=boards)) if methods else source


def chosen(
    source: Source, found: Mapping[str, Sequence[Content]], figure: str, dataset: str | None
) -> tuple[list[Content], str]:
    """The figures of a name, or of a value's metric; and the value, "" for all.

    Raises:
        ConfigError: there is no such figure, or not on that dataset.
    """
    if figure in found:
        name, value = figure, ""
    else:
        values = {v: name for name, each in found.items() for v in _values(each) if v != name}
        _require(source, "figure", figure, [*found, *values])
        name, value = values[figure], figure
    datasets = list(dict.fromkeys(content.dataset for content in found[name]))
    if dataset is not None:
        _require(source, "dataset", dataset, datasets)
    return [c for c in found[name] if dataset in (None, c.dataset)], value


def _values(contents: Iterable[Content]) -> list[str]:
    """The values that learning curves have panels of."""
    return [panel.value for c in contents if len(c.name) == 1 for panel in c.panels]


def _require(source: Source, kind: str, name: str, known: Sequence[str]) -> None:
    if name not in known:
        remedy = did_you_mean(name, known)
        raise ConfigError(Problem(source.place, "", f"no such {kind}: '{name}'", remedy))
