"""The whole report, section by section."""

from __future__ import annotations

from collections.abc import Sequence

from ebmbench.report import phrases
from ebmbench.report.headline import headline
from ebmbench.report.markdown.comparisons import comparisons
from ebmbench.report.markdown.costs import costs
from ebmbench.report.markdown.negative import negative_phase
from ebmbench.report.markdown.results import main_table, other_values, times_to_target
from ebmbench.report.markdown.sweeps import sweep_tables
from ebmbench.report.markdown.table import listed as a_list
from ebmbench.report.notices import missing, skips, troubles, warnings
from ebmbench.report.picture import Picture
from ebmbench.summary import Leaderboard, Summary, Sweep
from ebmbench.summary.statistics import FEWEST_FOR_P

VERDICTS = f"""\
Methods are compared seed by seed with the baseline. **±** is the half-width of a 95 % Student-t
interval over seeds; a difference is always *method - baseline*. **Equivalent**: the interval of
the difference lies inside the suite's margin (without a margin: no seed differs). **Better** or
**worse**: a paired t-test holds at 5 % after Holm's correction over the methods compared.
**Inconclusive**: neither; the number of further seeds is what would settle it with a chance of
80 %, should mean and spread stay as they are. **p** is an independent check that assumes nothing
about the distribution: a sign-flip permutation test, Holm-corrected, not given below
{FEWEST_FOR_P} pairs, where it cannot reach 5 %. **Improvement** is the share of seeds on which
the method is better. Seeds that diverged or failed are left out of means and comparisons, and
counted; where a target is to be reached, a seed that diverged counts as never reaching it."""


def document(summary: Summary, pictures: Sequence[Picture]) -> str:
    """The whole report."""
    parts = [
        f"# {summary.run.suite}",
        summary.run.title,
        *(f"> **{warning}**" for warning in warnings(summary)),
    ]
    for board in summary.boards:
        parts += _dataset(summary, board, [p for p in pictures if p.dataset == board.dataset])
    for sweep in summary.dataset_sweeps():
        parts += _over_datasets(summary, sweep, [p for p in pictures if p.dataset == sweep.dataset])
    parts += [
        *a_list("Skipped", skips(summary)),
        *a_list("Diverged, failed or not known", troubles(summary)),
        *a_list("Missing", missing(summary)),
        *a_list("Deviations from the paper", summary.run.report.deviations),
        "## How a verdict is reached",
        VERDICTS,
        *a_list("How it was run", _provenance(summary)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _dataset(summary: Summary, board: Leaderboard, pictures: Sequence[Picture]) -> list[str]:
    listed = summary.listed(board)
    tabled = len(listed.rows) < len(board.rows)  # what is not listed has tables of its own
    return [
        f"## {board.dataset}",
        " ".join(headline(summary, board)),
        main_table(summary, listed),
        f"{_values_text(summary)}; the best mean of a column{' or row' * tabled} in bold.",
        *(sweep_tables(summary, summary.sweeps(board)) if tabled else []),
        *comparisons(summary, listed),
        *times_to_target(summary, listed),
        *costs(summary, listed),
        *negative_phase(summary, listed),
        *other_values(summary, listed),
        *_figures(pictures),
    ]


def _over_datasets(summary: Summary, sweep: Sweep, pictures: Sequence[Picture]) -> list[str]:
    return [
        f"## {sweep.dataset} over {sweep.axis.name}",
        f"{_values_text(summary)}; the best mean of a row in bold.",
        *sweep_tables(summary, [sweep]),
        *_figures(pictures),
    ]


def _values_text(summary: Summary) -> str:
    if not summary.trained:
        return "Values of untrained models, as they are made"
    return f"Final values after {summary.run.epochs} epochs"


def _figures(pictures: Sequence[Picture]) -> list[str]:
    if not pictures:
        return []
    return ["### Figures", *(f"![{p.caption}]({p.file})\n\n*{p.caption}*" for p in pictures)]


def _provenance(summary: Summary) -> list[str]:
    run, seeds = summary.run, summary.run.seeds
    return [
        f"Command: `{run.command}`",
        f"Suite: {run.suite}, digest `{run.digest}`",
        f"Seeds: {len(seeds)} ({', '.join(map(str, seeds))})",
        f"Epochs: {run.epochs}",
        *(f"{key}: {'; '.join(v)}" for key, v in summary.environment.items()),
        f"Replicas side by side: {phrases.block_sizes(summary)}",
    ]
