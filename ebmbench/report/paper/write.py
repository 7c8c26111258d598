"""Writing a figure's files: the picture, the numbers beside it, and a table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, NamedTuple, get_args

from ebmbench.errors import ConfigError, Problem
from ebmbench.plan.file_names import file_name
from ebmbench.report.drawing import import_matplotlib
from ebmbench.report.figures.contents.content import Content
from ebmbench.report.figures.styles import styles_of
from ebmbench.report.paper.catalogue import Source
from ebmbench.report.paper.data import lines_of
from ebmbench.report.paper.keeping import keep_foreign
from ebmbench.report.paper.latex import table_of
from ebmbench.report.paper.layout import layout_of
from ebmbench.report.rows import Format

PictureFormat = Literal["pdf", "svg", "png"]
FORMATS: tuple[PictureFormat, ...] = get_args(PictureFormat)


class Files(NamedTuple):
    """What is written of a figure, and what it shows.

    Attributes:
        picture: a PDF, SVG or PNG.
        data: the numbers drawn.
        table: in LaTeX; None where it is not asked for.
        caption: what is drawn, in words.
    """

    picture: Path
    data: Path
    table: Path | None
    caption: str


def picture_files(
    source: Source, contents: Sequence[Content], output: Path | None, form: PictureFormat | None
) -> list[Path]:
    """Where the figures go: the file that is named, or one in this folder for each dataset.

    Raises:
        ConfigError: one file cannot hold them all, or its ending says another format.
    """
    if output is None:
        names = [(source.summary.run.suite, c.dataset, *c.name) for c in contents]
        return [Path(f"{file_name(*name)}.{form or 'pdf'}") for name in names]
    if len(contents) > 1:
        raise _wrong(output, *_too_many(contents))
    ending = output.suffix.lower().removeprefix(".")
    if ending not in FORMATS:
        if form is None:
            raise _wrong(output, "no format", f"End it in .{', .'.join(FORMATS)}.")
        return [output.with_name(f"{output.name}.{form}")]
    if form not in (None, ending):
        raise _wrong(output, f"it is to be {form}", "Leave out --format, or change the ending.")
    return [output]


def _too_many(contents: Sequence[Content]) -> tuple[str, str]:
    """Why they are several, and how to have one of them."""
    several = f"one file for {len(contents)} figures"
    if len({content.name for content in contents}) == 1:
        datasets = ", ".join(content.dataset for content in contents)
        return f"{several}, on {datasets}", "Choose one by --dataset, or leave out --output."
    values = ", ".join(panel.value for content in contents for panel in content.panels)
    problem = f"{several}: {values} together are higher than a page"
    return problem, "Choose one by --metric, fewer methods by --only, or leave out --output."


def write(
    source: Source, content: Content, file: Path, width: float, data: Format, latex: bool
) -> Files:
    """Draw a figure and write its files, the same bytes each time.

    Args:
        source: the run.
        content: the figure.
        file: the picture's.
        width: of the picture, in mm.
        data: how the numbers are written.
        latex: whether a table is, too.

    Raises:
        ConfigError: the numbers or the table would be written over somebody else's file.
    """
    table = file.with_suffix(".tex") if latex else None
    numbers = file.with_suffix(f".{data}")
    keep_foreign(numbers, "dataset", "data file")
    if table:
        keep_foreign(table, "booktabs", "table")
    text = table_of(content, source) if table else ""
    _draw(source, content, file, width)
    numbers.write_text("".join(lines_of(content, data)), encoding="utf-8")
    if table:
        table.write_text(text, encoding="utf-8")
    return Files(file, numbers, table, content.caption)


def _draw(source: Source, content: Content, file: Path, width: float) -> None:
    import_matplotlib()
    import numpy as np

    from ebmbench.report.figures.canvas import save
    from ebmbench.report.figures.draw import drawn
    from ebmbench.report.figures.literal import literal_texts

    layout = layout_of(width)
    styles = styles_of(source.summary.lines)
    with literal_texts(**layout.looks), np.errstate(over="ignore", invalid="ignore"):
        save(drawn(content, styles, layout), file)


def _wrong(output: Path, problem: str, remedy: str) -> ConfigError:
    return ConfigError(Problem(str(output), "", problem, remedy))
