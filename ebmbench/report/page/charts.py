"""All other curves of a dataset: spectra, sweeps, searches, and what metrics show as curves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from ebmbench.report import phrases
from ebmbench.report.figures.other_panels import search_panel, shown_panel, sweep_panel
from ebmbench.report.figures.panels import Panel, spectrum
from ebmbench.report.gallery import Gallery
from ebmbench.report.page.curves import bands
from ebmbench.report.page.in_script import all_short
from ebmbench.summary import Leaderboard, Summary, Sweep, in_spectrum


class Chart(NamedTuple):
    """Curves over anything but training.

    Attributes:
        panel: what is drawn.
        caption: says so in words.
        points: whether points stand by themselves, each with its interval, as in a spectrum.
    """

    panel: Panel
    caption: str
    points: bool = False

    def numbers(self, lines: Mapping[str, int]) -> dict[str, Any]:
        """What the page carries; ``lines``: line -> its number there."""
        panel = self.panel
        return {
            "title": panel.title,
            "unit": panel.unit,
            "better": panel.better,
            "caption": self.caption,
            "points": self.points,
            "log": panel.logarithmic,
            "x": {
                "label": panel.x.label,
                "log": panel.x.logarithmic,
                "marks": [[label, x] for label, x in panel.x.marks.items()],
            },
            "curves": [
                {"m": lines[name], "x": all_short(curve.epochs), **bands(curve.values)}
                for name, curve in panel.curves.items()
                if name not in panel.absent
            ],
            "absent": [{"m": lines[name], "why": why} for name, why in panel.absent.items()],
        }


def charts(summary: Summary, board: Leaderboard, gallery: Gallery) -> Iterator[Chart]:
    """A dataset's, of the methods that tables list; those of sweeps first."""
    listed = summary.listed(board)
    yield from sweep_charts(summary, summary.sweeps(board))
    for metric, values in summary.metrics.items():
        if any(map(in_spectrum, values)):
            panel = spectrum(summary, listed, metric)
            if panel.curves:
                yield Chart(panel, f"{metric} {_when(summary)}", points=True)
    found = search_panel(summary, board)
    if found:
        yield Chart(found, phrases.about_search(board.dataset))
    for name, about in gallery.names(board.dataset).items():
        shown = None if about.kind == "images" else shown_panel(listed, name, about, gallery)
        if shown:
            yield Chart(shown, f"{name} {_when(summary)}")


def sweep_charts(summary: Summary, sweeps: list[Sweep]) -> Iterator[Chart]:
    """Final values against a swept option."""
    for sweep in sweeps:
        for value in summary.values:
            panel = None if in_spectrum(value) else sweep_panel(summary, sweep, value)
            if panel:
                caption = f"{value} {_when(summary)} against {sweep.axis.name}"
                yield Chart(panel, caption)


def _when(summary: Summary) -> str:
    return f"after {summary.run.train}" if summary.trained else "of untrained models"
