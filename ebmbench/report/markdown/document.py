"""The whole report, section by section."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ebmbench.report import phrases
from ebmbench.report.answer import answer, is_of_one_dataset
from ebmbench.report.headline import headline
from ebmbench.report.markdown.escape import Markup, alternative, bold, code, escaped, inline
from ebmbench.report.markdown.parts import folded, written
from ebmbench.report.markdown.table import listed as a_list
from ebmbench.report.notices import busy, missing, skips, troubles, warnings
from ebmbench.report.picture import Picture
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


class Beside(NamedTuple):
    """What stands beside a report's Markdown.

    Attributes:
        notes: what people write of the run, Markdown itself; it follows the title.
        suite: the file with the suite as it ran; "" where there is none.
    """

    notes: str = ""
    suite: str = ""


def document(
    summary: Summary,
    pictures: Sequence[Picture],
    failure: str | None = None,
    beside: Beside = Beside(),  # noqa: B008, it is frozen
) -> str:
    """The whole report; ``failure`` says why there are no pictures."""
    parts = [
        *opening(summary, [failure] if failure else [], beside.notes.strip()),
        *(block for board in summary.boards for block in _dataset(summary, board, pictures)),
        *(
            block
            for s in summary.dataset_sweeps()
            for block in _over_datasets(summary, s, pictures)
        ),
        *_compared(summary),
        *a_list("Skipped", skips(summary)),
        *a_list("Diverged, failed or not known", troubles(summary)),
        *a_list("Missing", missing(summary)),
        *a_list("Deviations from the paper", [*map(Markup, summary.run.report.deviations)]),
        *folded("How a verdict is reached, and a place", [VERDICTS]),
        *a_list("How it was run", _how(summary, beside.suite)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def opening(summary: Summary, failures: Sequence[str] = (), notes: str = "") -> list[str]:
    """The title, notes, what must be known before the answer is believed, it, and of times."""
    return [
        f"# {escaped(summary.run.suite)}",
        summary.run.title,
        notes,
        *(f"> {bold(said)}" for said in (*warnings(summary), *failures)),
        *_sentences(answer(summary)),
        *(f"> {escaped(said)}" for said in busy(summary)),
    ]


def _sentences(said: Sequence[str]) -> list[str]:
    """The first in bold, the others as a list, a line each: what changes is one line."""
    first, *others = said
    return [bold(first), "\n".join(f"- {escaped(sentence)}" for sentence in others)]


def _dataset(summary: Summary, board: Leaderboard, pictures: Sequence[Picture]) -> list[str]:
    listed = summary.listed(board)
    tabled = len(listed.rows) < len(board.rows)  # what is not listed has tables of its own
    told = [] if is_of_one_dataset(summary) else _sentences(headline(summary, board))
    return [
        f"## {escaped(board.dataset)}",
        *told,
        *written(main_table(summary, listed)),
        escaped(about_main_table(summary, listed)),
        *written(sweep_tables(summary, summary.sweeps(board)) if tabled else []),
        *written(details(summary, listed)),
        *_figures([p for p in pictures if p.dataset == board.dataset]),
    ]


def _over_datasets(summary: Summary, sweep: Sweep, pictures: Sequence[Picture]) -> list[str]:
    return [
        f"## {escaped(sweep.dataset)} over {escaped(sweep.axis.name)}",
        f"{phrases.values_text(summary)}; the best mean of a row in bold.",
        *written(sweep_tables(summary, [sweep])),
        *_figures([p for p in pictures if p.dataset == sweep.dataset]),
    ]


def _compared(summary: Summary) -> list[str]:
    found = written(compared(summary))
    return ["## What was compared", *found] if found else []


def _figures(pictures: Sequence[Picture]) -> list[str]:
    if not pictures:
        return []
    return ["### Figures", *(_figure(picture) for picture in pictures)]


def _figure(picture: Picture) -> str:
    return f"![{alternative(picture.shows)}]({picture.file})\n\n*{escaped(picture.caption)}*"


def _how(summary: Summary, file: str) -> list[str]:
    run = summary.run
    name = f"[{inline(run.suite)}]({file})" if file else inline(run.suite)
    return [
        Markup(f"Command: {code(run.command)}"),
        Markup(f"Suite: {name}, digest {code(run.digest)}"),
        *(f"{name}: {text}" if name else text for name, text in provenance(summary)),
    ]
