"""How a figure for a paper looks: as wide as a journal's columns, with small letters."""

from __future__ import annotations

from ebmbench.errors import ConfigError, Problem, did_you_mean
from ebmbench.report.figures.contents.content import Content
from ebmbench.report.figures.layout import Layout

INCH = 25.4  # mm
WIDTHS = {"single": 86.0, "double": 178.0}  # mm, as the American Physical Society has them
NARROWEST, WIDEST = 40.0, 400.0  # mm
HIGHEST = 240.0  # mm: what a page has room for
DPI = 300
LOOKS = {
    "font.size": 8,
    "axes.titlesize": 8,
    "axes.labelsize": 8,
    "xtick.labelsize": 7,
    "ytick.labelsize": 7,
    "legend.fontsize": 7,
    "axes.linewidth": 0.6,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.minor.width": 0.4,
    "ytick.minor.width": 0.4,
    "lines.linewidth": 1.0,
    "lines.markersize": 2.8,
    "pdf.fonttype": 42,  # TrueType, embedded: journals refuse type 3
    "svg.fonttype": "path",  # letters as outlines: alike where the font is not installed
    "svg.hashsalt": "ebmbench",  # names within the file: else others each time
}


def layout_of(width: float) -> Layout:
    """For a figure so many mm wide."""
    return Layout(
        width=width / INCH,
        most_height=HIGHEST / INCH,
        panel=(2.2, 2.2),
        facet=(1.12, 0.98),
        square=(1.6, 2.05),
        dpi=DPI,
        looks=LOOKS,
    )


def pages_of(content: Content, width: float) -> list[Content]:
    """The figure, or where it is crowded and no page is high enough a figure for each value."""
    facets = [len(panel.curves) for panel in content.panels]
    whole = not content.is_crowded or layout_of(width).holds(facets)
    return [content] if whole else [*content.in_pages()]


def width_of(text: str) -> float:
    """In mm, of ``single``, ``double`` or a number.

    Raises:
        ConfigError: it is none of them.
    """
    if text in WIDTHS:
        return WIDTHS[text]
    try:
        width = float(text.removesuffix("mm"))
    except ValueError:
        remedy = f"{did_you_mean(text, list(WIDTHS))} Or give a number of mm."
        raise ConfigError(Problem("--width", "", f"no such width: '{text}'", remedy)) from None
    if not NARROWEST <= width <= WIDEST:
        remedy = f"Choose between {NARROWEST:g} and {WIDEST:g} mm."
        raise ConfigError(Problem("--width", "", f"{text} mm", remedy))
    return width
