"""The page: a template filled with tables, pictures, and the numbers behind them."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup

from ebmbench.journal.documents import CellRecord
from ebmbench.report import phrases
from ebmbench.report.answer import answer, is_of_one_dataset
from ebmbench.report.drawing import Drawn
from ebmbench.report.figures.panels import FEWEST_FOR_BAND
from ebmbench.report.figures.price.phases import Floor
from ebmbench.report.figures.price.prices import prices
from ebmbench.report.figures.styles import styles_of
from ebmbench.report.gallery import Gallery
from ebmbench.report.headline import headline
from ebmbench.report.notices import busy, missing, skips, troubles, warnings
from ebmbench.report.page.carried import carried, shown_first
from ebmbench.report.page.curves import seeds_that_fit
from ebmbench.report.page.films import films
from ebmbench.report.page.in_script import in_script
from ebmbench.report.page.methods import settings
from ebmbench.report.page.stills import MOST_OF_COSTS, Still, stills
from ebmbench.report.page.swatches import swatches
from ebmbench.report.page.tables import (
    Section,
    Shown,
    key_of,
    quality_table,
    sections,
    seeds_lost,
)
from ebmbench.report.parts import Heading
from ebmbench.report.provenance import provenance
from ebmbench.report.sections import (
    about_main_table,
    compared,
    details,
    main_table,
    sweep_tables,
)
from ebmbench.report.verdicts import VERDICTS
from ebmbench.summary import Leaderboard, Summary, Sweep

HERE = "ebmbench.report.page"
COMPARED = "What each method is made of, where methods differ"
LIBRARY = "plotly/plotly-basic.min.js"
SCRIPTS = (  # in the order in which they need each other
    *("elements", "turns", "numbers", "looks", "limits", "traces", "pictures", "curves", "charts"),
    *("prices", "films", "tables", "page"),
)

FOLLOWING = ("choices", "follow")  # of a page that is served


class Chapter(NamedTuple):
    """What the page says of a dataset, or of several along an axis.

    Attributes:
        title: its heading.
        sentences: the headline, the most important first; of a single dataset the page opens with
            it.
        results: the main table.
        note: what its columns are, and by which value verdicts and places go.
        sweeps: tables over swept options.
        quality: tables of quality against cost.
        details: all other tables.
        stills: its pictures.
        costs: those of what quality costs.
        curves: whether it has interactive ones.
        first, of: how many methods the page starts with, and how many there are.
        lost: methods that have not all seeds.
    """

    title: str
    sentences: Sequence[str]
    results: Sequence[Shown]
    note: str
    sweeps: Sequence[Section]
    quality: Sequence[Shown]
    details: Sequence[Section]
    stills: Sequence[Still]
    costs: Sequence[Still] = ()
    first: int = 0
    of: int = 0
    lost: Sequence[str] = ()


def document(
    summary: Summary,
    records: Sequence[CellRecord],
    gallery: Gallery,
    folder: Path,
    drawn: Drawn,
    followed: str = "",
    floor: Floor | None = None,
) -> str:
    """The whole page.

    Args:
        summary: of the run.
        records: what it sums up, in its order.
        gallery: what its metrics show.
        folder: where the drawn pictures are.
        drawn: they, and why some are missing.
        followed: where it is served and follows the run: the version of what it shows.
        floor: what the machine would allow; None where that is not known.
    """
    shown, left_out = stills(folder, drawn.pictures)
    costs, _ = stills(folder, drawn.costs, MOST_OF_COSTS)
    seeds, scenes = seeds_that_fit(summary, records), films(summary, gallery)
    numbers = in_script(carried(summary, records, gallery, scenes, seeds, floor))
    scripts = [_asset(LIBRARY), _script(SCRIPTS + FOLLOWING if followed else SCRIPTS)]
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            followed=followed,
            summary=summary,
            run=summary.run,
            title=_markdown(summary.run.title),
            warnings=[*warnings(summary), *([drawn.failure] if drawn.failure else [])],
            answer=answer(summary),
            busy=busy(summary),
            chapters=[*_chapters(summary, shown, costs)],
            skips=skips(summary),
            troubles=troubles(summary),
            missing=missing(summary),
            deviations=[*map(_markdown, summary.run.report.deviations)],
            verdicts=_markdown(VERDICTS),
            provenance=provenance(summary),
            compared=sections([Heading(COMPARED), *compared(summary)]),
            settings=settings(summary.run),
            style=Markup(_asset("page.css")),
            scripts=[Markup(script) for script in scripts],
            script_sources=" ".join(map(_source, scripts)),
            numbers=Markup(numbers),
            swatches=swatches(styles_of(summary.lines)),
            numbered={name: number for number, name in enumerate(summary.lines)},
            carried_seeds=len(seeds),
            fewest=FEWEST_FOR_BAND,
            left_out=left_out,
            thinned=any(len(film.epochs) < film.taken for film in scenes),
        )
    )


def _chapters(summary: Summary, shown: Sequence[Still], costs: Sequence[Still]) -> list[Chapter]:
    of_boards = [_chapter(summary, board, shown, costs) for board in summary.boards]
    return [*of_boards, *(_over_datasets(summary, s, shown) for s in summary.dataset_sweeps())]


def _chapter(
    summary: Summary, board: Leaderboard, shown: Sequence[Still], costs: Sequence[Still]
) -> Chapter:
    listed = summary.listed(board)
    tabled = len(listed.rows) < len(board.rows)  # what is not listed has tables of its own
    return Chapter(
        title=board.dataset,
        sentences=[] if is_of_one_dataset(summary) else headline(summary, board),
        results=[Shown.of(t, f"Results on {board.dataset}") for t in main_table(summary, listed)],
        note=about_main_table(summary, listed),
        sweeps=sections(sweep_tables(summary, summary.sweeps(board)) if tabled else []),
        quality=[
            table
            for value in summary.columns
            for table in quality_table(summary, value, prices(listed, value))
        ],
        details=sections(details(summary, listed)),
        stills=[still for still in shown if still.dataset == board.dataset],
        costs=[still for still in costs if still.dataset == board.dataset],
        first=len(shown_first(summary, listed)),
        of=len(listed.rows),
        lost=[*seeds_lost(listed)],
    )


def _over_datasets(summary: Summary, sweep: Sweep, shown: Sequence[Still]) -> Chapter:
    return Chapter(
        title=f"{sweep.dataset} over {sweep.axis.name}",
        sentences=[],
        results=[],
        note=f"{phrases.values_text(summary)}; the best mean of a row in bold.",
        sweeps=sections(sweep_tables(summary, [sweep])),
        quality=[],
        details=[],
        stills=[still for still in shown if still.dataset == sweep.dataset],
    )


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader(HERE, "assets"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["key"] = key_of
    environment.filters["together"] = lambda text: text.replace(" ± ", "\u00a0±\u00a0")
    environment.tests["paragraph"] = lambda part: isinstance(part, str)
    return environment


def _script(names: Sequence[str]) -> str:
    """Our own files as one script, which leaves no name behind."""
    parts = "\n".join(_asset(f"script/{name}.js") for name in names)
    return f'(() => {{\n"use strict";\n{parts}}})();'


def _asset(name: str) -> str:
    """A file of the page; one that would end the script it stands in is refused."""
    text = (files(HERE) / "assets" / name).read_text(encoding="utf-8")
    assert not re.search(r"</(script|style)", text, re.IGNORECASE), name
    return text


def _source(script: str) -> str:
    """What allows a script to run, and no other: its digest, as a content policy has it."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def _markdown(text: str) -> Markup:
    """A suite's Markdown; tags in it are text, and pictures from elsewhere are not fetched."""
    reader = MarkdownIt("commonmark", {"html": False}).disable("image")
    return Markup(reader.render(text))
