"""Drawing all pictures of a report: learning curves, spectra, sweeps, and what metrics show.

First what is to be drawn (``panels.py``), then the drawing. Matplotlib's object interface is used
throughout, and its settings are as they were when all is drawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from ebmbench.plan.file_names import file_name
from ebmbench.report.figures.canvas import save
from ebmbench.report.figures.learning import learning
from ebmbench.report.figures.literal import literal_texts
from ebmbench.report.figures.searches import searches
from ebmbench.report.figures.shown import shown
from ebmbench.report.figures.sketch import Sketch
from ebmbench.report.figures.styles import Style, styles_of
from ebmbench.report.figures.sweeps import sweeps
from ebmbench.report.gallery import Gallery
from ebmbench.report.picture import Picture
from ebmbench.summary import Summary


def draw(summary: Summary, folder: Path, gallery: Gallery | None = None) -> list[Picture]:
    """Draw every picture of a report into ``folder``."""
    styles = styles_of(summary.lines)
    pictures = []
    with literal_texts():
        for sketch in _sketches(summary, gallery or Gallery(), styles):
            picture = Picture(_file(sketch), sketch.dataset, sketch.caption)
            save(sketch.figure, sketch.axes, folder / picture.file)
            pictures.append(picture)
    return pictures


def _sketches(summary: Summary, gallery: Gallery, styles: Mapping[str, Style]) -> Iterator[Sketch]:
    for board in summary.boards:
        yield from sweeps(summary, summary.sweeps(board), styles)
        yield from learning(summary, board, styles)
        yield from searches(summary, board, styles)
        yield from shown(summary, board, gallery, styles)
    yield from sweeps(summary, summary.dataset_sweeps(), styles)


def _file(sketch: Sketch) -> str:
    return file_name(sketch.dataset, *sketch.name) + ".png"
