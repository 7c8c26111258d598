"""The whole report, section by section."""

from __future__ import annotations

from collections.abc import Sequence

from ebmbench.report import phrases
from ebmbench.report.headline import headline
from ebmbench.report.markdown.escape import Markup, alternative, bold, code, escaped, inline
from ebmbench.report.markdown.parts import written
from ebmbench.report.markdown.table import listed as a_list
from ebmbench.report.notices import missing, skips, troubles, warnings
from ebmbench.report.picture import Picture
from ebmbench.report.provenance import provenance
from ebmbench.report.sections import details, main_table, sweep_tables
from ebmbench.report.verdicts import VERDICTS
from ebmbench.summary import Leaderboard, Summary, Sweep


def document(summary: Summary, pictures: Sequence[Picture], failure: str | None = None) -> str:
    """The whole report; ``failure`` says why there are no pictures."""
    parts = [
        f"# {escaped(summary.run.suite)}",
        summary.run.title,
        *(f"> {bold(said)}" for said in [*warnings(summary), *([failure] if failure else [])]),
    ]
    for board in summary.boards:
        parts += _dataset(summary, board, [p for p in pictures if p.dataset == board.dataset])
    for sweep in summary.dataset_sweeps():
        parts += _over_datasets(summary, sweep, [p for p in pictures if p.dataset == sweep.dataset])
    parts += [
        *a_list("Skipped", skips(summary)),
        *a_list("Diverged, failed or not known", troubles(summary)),
        *a_list("Missing", missing(summary)),
        *a_list("Deviations from the paper", [*map(Markup, summary.run.report.deviations)]),
        "## How a verdict is reached",
        VERDICTS,
        *a_list("How it was run", _how(summary)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _dataset(summary: Summary, board: Leaderboard, pictures: Sequence[Picture]) -> list[str]:
    listed = summary.listed(board)
    tabled = len(listed.rows) < len(board.rows)  # what is not listed has tables of its own
    return [
        f"## {escaped(board.dataset)}",
        escaped(" ".join(headline(summary, board))),
        *written(main_table(summary, listed)),
        f"{phrases.values_text(summary)}; the best mean of a column{' or row' * tabled} in bold.",
        *written(sweep_tables(summary, summary.sweeps(board)) if tabled else []),
        *written(details(summary, listed)),
        *_figures(pictures),
    ]


def _over_datasets(summary: Summary, sweep: Sweep, pictures: Sequence[Picture]) -> list[str]:
    return [
        f"## {escaped(sweep.dataset)} over {escaped(sweep.axis.name)}",
        f"{phrases.values_text(summary)}; the best mean of a row in bold.",
        *written(sweep_tables(summary, [sweep])),
        *_figures(pictures),
    ]


def _figures(pictures: Sequence[Picture]) -> list[str]:
    if not pictures:
        return []
    return ["### Figures", *(_figure(picture) for picture in pictures)]


def _figure(picture: Picture) -> str:
    return f"![{alternative(picture.caption)}]({picture.file})\n\n*{escaped(picture.caption)}*"


def _how(summary: Summary) -> list[str]:
    run = summary.run
    return [
        Markup(f"Command: {code(run.command)}"),
        Markup(f"Suite: {inline(run.suite)}, digest {code(run.digest)}"),
        *(f"{name}: {text}" if name else text for name, text in provenance(summary)),
    ]
