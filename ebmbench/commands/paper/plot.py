"""``ebmbench plot``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from ebmbench.commands.options import AsJson, Output, RunName, Runs, emit

if TYPE_CHECKING:
    from ebmbench.report.paper.catalogue import Source


def plot(
    run: RunName,
    figure: Annotated[
        str | None,
        typer.Argument(help="A figure's name; left out, they are listed", show_default=False),
    ] = None,
    dataset: Annotated[str | None, typer.Option(help="Of several the one that is drawn")] = None,
    value: Annotated[
        str | None, typer.Option("--metric", help="One value of the figure, such as nll.test")
    ] = None,
    methods: Annotated[
        list[str] | None,
        typer.Option("--only", "--methods", help="Draw this method only; may be repeated"),
    ] = None,
    along: Annotated[
        Literal["epochs", "updates", "seconds", "macs"] | None,
        typer.Option("--x", help="What learning curves run along; of pareto seconds or macs"),
    ] = None,
    logarithmic: Annotated[
        bool | None, typer.Option("--log/--linear", help="The scale of the values")
    ] = None,
    seeds: Annotated[
        Literal["bands", "curves"], typer.Option(help="95 % intervals, or seeds one by one")
    ] = "bands",
    width: Annotated[
        str, typer.Option(help="single (86 mm), double (178 mm), or a number of mm")
    ] = "single",
    form: Annotated[
        Literal["pdf", "svg", "png"] | None,
        typer.Option("--format", help="Of the picture; else as the file ends, or pdf"),
    ] = None,
    data: Annotated[
        Literal["csv", "jsonl"], typer.Option(help="How the numbers beside it are written")
    ] = "csv",
    latex: Annotated[bool, typer.Option("--latex", help="Write a LaTeX table, too")] = False,
    roofline: Annotated[
        str | None,
        typer.Option(
            metavar="FILE|here",
            help="For the figure cost: what `ebmbench cost --json` printed, or measured now",
        ),
    ] = None,
    output: Output = None,
    runs: Runs = Path("runs"),
    as_json: AsJson = False,
) -> None:
    """Draw a figure of the report for a paper, with its numbers beside it; without one, list them.

    Fonts are embedded, a PDF's as TrueType, an SVG's as outlines. A run gives the same bytes again.
    """
    from ebmbench.commands.screens.plot import show_figures, show_files
    from ebmbench.report.paper.catalogue import chosen, figures, of_methods
    from ebmbench.report.paper.layout import pages_of, width_of
    from ebmbench.report.paper.options import Asked, as_asked, require_along
    from ebmbench.report.paper.write import picture_files, write

    source = of_methods(_source(run, runs, roofline), methods or ())
    found = figures(source, along)
    if figure is None:
        listed = [
            {"figure": name, "dataset": each.dataset, "shows": each.caption}
            for name, of_name in found.items()
            for each in of_name
        ]
        emit(listed, as_json, lambda: show_figures(source.place, listed))
        return
    contents, part = chosen(source, found, figure, dataset)
    asked = Asked(value or part, logarithmic, seeds == "curves")
    contents = [as_asked(content, asked) for content in contents]
    require_along(contents, along)
    size = width_of(width)
    contents = [page for content in contents for page in pages_of(content, size)]
    files = picture_files(source, contents, output, form)
    written = [
        write(source, content, file, size, data, latex)
        for content, file in zip(contents, files, strict=True)
    ]
    emit([_as_plain(each) for each in written], as_json, lambda: show_files(written))


def _source(run: Path, runs: Path, roofline: str | None) -> Source:
    from ebmbench.api.finished import open_run
    from ebmbench.commands.paper.floor import floor_of
    from ebmbench.report.gallery import Gallery
    from ebmbench.report.paper.catalogue import Source
    from ebmbench.summary import ordered

    found = open_run(run, runs)
    records = ordered(found.document, found.records)
    gallery = Gallery(records, found.journal.pictures)
    return Source(found.summary, records, gallery, floor_of(roofline) if roofline else None)


def _as_plain(files: Any) -> dict[str, str | None]:
    return {name: None if x is None else str(x) for name, x in files._asdict().items()}
