"""The report's pictures: learning curves, one picture per metric, and spectra.

First what is to be drawn (``panels.py``), then the drawing. Matplotlib's object interface is used
throughout, so nothing here touches global state.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from ebmbench.report.figures.axes import draw_curves, draw_spectrum
from ebmbench.report.figures.canvas import canvas, save
from ebmbench.report.figures.limits import SMALLEST, cut_off
from ebmbench.report.figures.panels import Panel, panels, spectrum
from ebmbench.report.figures.styles import Style, styles_of
from ebmbench.report.picture import Picture
from ebmbench.summary import Board, Summary, in_spectrum

__all__ = ["draw"]


def draw(summary: Summary, folder: Path) -> list[Picture]:
    """Draw every picture of a report into ``folder``."""
    styles = styles_of(summary.run["methods"])
    pictures = []
    for board in summary.boards:
        for metric, values in summary.metrics.items():
            of_metric = _spectrum if any(map(in_spectrum, values)) else _curves
            picture = of_metric(summary, board, metric, styles, folder)
            pictures += [picture] if picture else []
    return pictures


def _curves(
    summary: Summary, board: Board, metric: str, styles: Mapping[str, Style], folder: Path
) -> Picture | None:
    parts = panels(summary, board, metric)
    if not parts:
        return None
    figure, axes = canvas(len(parts))
    for ax, panel in zip(axes, parts, strict=True):
        draw_curves(ax, panel, styles)
    caption = f"{metric} over training on {board.dataset}: {_shown(parts)}"
    picture = Picture(_file(board, metric), board.dataset, caption)
    save(figure, axes, folder / picture.file)
    return picture


def _spectrum(
    summary: Summary, board: Board, metric: str, styles: Mapping[str, Style], folder: Path
) -> Picture | None:
    panel = spectrum(summary, board, metric)
    if not panel.curves:
        return None
    figure, axes = canvas(1)
    draw_spectrum(axes[0], panel, styles)
    caption = f"{metric} after training on {board.dataset}: {_shown([panel])}"
    picture = Picture(_file(board, metric), board.dataset, caption)
    save(figure, axes, folder / picture.file)
    return picture


def _shown(parts: Sequence[Panel]) -> str:
    cut = f"; values below {SMALLEST:g} of the largest are not shown"
    return "mean and 95 % interval over seeds" + (cut if any(map(cut_off, parts)) else "")


def _file(board: Board, metric: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", f"{board.dataset}-{metric}") + ".png"
