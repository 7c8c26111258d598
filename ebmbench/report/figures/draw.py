"""Drawing all pictures of a report: learning curves, spectra, sweeps, and what metrics show.

First what is to be drawn (``contents``), which needs no matplotlib, then the drawing. Matplotlib's
object interface is used throughout, and its settings are as they were when all is drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ebmbench.journal.documents import CellRecord
from ebmbench.plan.file_names import file_name
from ebmbench.report.figures.axes import draw_panel
from ebmbench.report.figures.canvas import add_legend_of, canvas, save
from ebmbench.report.figures.contents.content import Content, Images, Part
from ebmbench.report.figures.contents.of_a_run import contents, cost_contents
from ebmbench.report.figures.facets import in_facets
from ebmbench.report.figures.grids import draw_grid
from ebmbench.report.figures.layout import REPORT, Layout
from ebmbench.report.figures.literal import literal_texts
from ebmbench.report.figures.panels import Panel
from ebmbench.report.figures.price.drawing import draw_phases, draw_prices
from ebmbench.report.figures.price.phases import Floor, Phases
from ebmbench.report.figures.styles import Style, styles_of
from ebmbench.report.gallery import Gallery
from ebmbench.report.picture import Picture
from ebmbench.summary import Summary


def draw(
    summary: Summary,
    folder: Path,
    gallery: Gallery | None = None,
    records: Sequence[CellRecord] = (),
) -> list[Picture]:
    """Draw every picture of a report into ``folder``."""
    return _draw_all(contents(summary, gallery or Gallery(), records), summary, folder)


def draw_costs(summary: Summary, folder: Path, floor: Floor | None = None) -> list[Picture]:
    """Draw into ``folder`` what quality costs, and what an update takes, on each dataset."""
    wholes = (
        w for board in summary.boards for w in cost_contents(summary, board, "seconds", floor)
    )
    return _draw_all(wholes, summary, folder)


def _draw_all(wholes: Iterable[Content], summary: Summary, folder: Path) -> list[Picture]:
    styles = styles_of(summary.lines)
    pictures = []
    with literal_texts(**REPORT.looks):
        for whole in wholes:
            for content in whole.in_pages():
                picture = Picture(_file(content), content.dataset, content.caption)
                save(drawn(content, styles, REPORT), folder / picture.file)
                pictures.append(picture)
    return pictures


def drawn(content: Content, styles: Mapping[str, Style], layout: Layout) -> Figure:
    """The figure, with its legend; ``literal_texts`` is in force where this is called."""
    if content.is_crowded:
        return in_facets(content, styles, layout)
    size = layout.square if isinstance(content.parts[0], Images) else layout.panel
    figure, axes = canvas(len(content.parts), size, layout)
    for ax, part in zip(axes, content.parts, strict=True):
        _draw_part(ax, part, styles)
        if isinstance(part, Phases):
            figure.set_figheight(1.0 + len(part.updates) * _inches_of_a_row(ax))
    add_legend_of(figure, axes, layout, content.said_of)
    return figure


def _draw_part(ax: Axes, part: Part, styles: Mapping[str, Style]) -> None:
    if isinstance(part, Panel):
        draw_panel(ax, part, styles)
    elif isinstance(part, Images):
        draw_grid(ax, part.title, part.grid)
    elif isinstance(part, Phases):
        draw_phases(ax, part)
    else:
        draw_prices(ax, part, styles)


def _inches_of_a_row(ax: Axes) -> float:
    """With room for the longest name at y's ticks, which may have several lines."""
    names = ax.yaxis.get_ticklabels()
    lines = max(name.get_text().count("\n") for name in names)
    return float(names[0].get_fontsize()) * (0.022 + 0.018 * lines)


def _file(content: Content) -> str:
    return file_name(content.dataset, *content.name) + ".png"
