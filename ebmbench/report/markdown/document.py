"""The whole report, section by section."""

from __future__ import annotations

from collections.abc import Sequence

from ebmbench.report import phrases
from ebmbench.report.headline import headline
from ebmbench.report.markdown.comparisons import comparisons
from ebmbench.report.markdown.costs import costs
from ebmbench.report.markdown.escape import Markup, alternative, bold, code, escaped, inline
from ebmbench.report.markdown.negative import negative_phase
from ebmbench.report.markdown.results import main_table, other_values, times_to_target
from ebmbench.report.markdown.sweeps import sweep_tables
from ebmbench.report.markdown.table import listed as a_list
from ebmbench.report.markdown.tuning import tuning
from ebmbench.report.notices import missing, skips, troubles, warnings
from ebmbench.report.picture import Picture
from ebmbench.summary import Leaderboard, Summary, Sweep
from ebmbench.summary.statistics import FEWEST_PAIRS

UNTUNED = "Not tuned: every method has the settings that the suite gives it"

VERDICTS = f"""\
Methods are compared seed by seed with the baseline; a difference is always *method - baseline*.
**±** is the half-width of a 95 % Student-t interval over seeds, and (a to b) one that is not
symmetric: intervals end where the metric's range does. Where half or more of the seeds have one and
the same value, a standard deviation tells nothing of the others; then the interval is Clopper and
Pearson's, of the share of seeds that may differ, times the value's bound (the worst that any method
had on the dataset, untrained ones too; the end of its range, where those were not measured).
**(4 of 6)**: only so many of the seeds that ended well have the value; it is not ranked and not
judged.

**Better** or **worse**: *p*, from the paired t-test and as careful about tied values, is below 5 %
after Holm's correction, so that the interval of the difference beside it, at the level so
corrected, leaves out 0. **Equivalent**: that interval lies inside the suite's margin (without a
margin: no seed differs). **Inconclusive**: neither, and always below {FEWEST_PAIRS} pairs. What the
opening sentences claim, on all datasets, is one family with the verdicts on the judged value: some
of it is wrong in at most one report of twenty. In the table of every value each line is a family of
its own: among many lines some false verdict is likely.

**Lost seeds**, which diverged or failed, count against their method as its worst value: what it
would win by its other seeds alone is inconclusive. Means are over seeds that ended well; where a
target is to be reached, a seed that diverged never reaches it. **Sign flips** is a second opinion
that assumes nothing about the distribution, and decides nothing; it is given where it can reach 5 %
in its family. **Improvement** is the share of seeds on which the method is better.

**More seeds** is what would settle it with a chance of 80 %, should mean and spread stay as they
are: a guess, whose range comes from the spread alone. Adding seeds until a verdict is settled makes
9 to 11 % of verdicts false in place of 5 %: fix the number beforehand, and take what it gives."""


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
        *a_list("How it was run", _provenance(summary)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _dataset(summary: Summary, board: Leaderboard, pictures: Sequence[Picture]) -> list[str]:
    listed = summary.listed(board)
    tabled = len(listed.rows) < len(board.rows)  # what is not listed has tables of its own
    return [
        f"## {escaped(board.dataset)}",
        escaped(" ".join(headline(summary, board))),
        main_table(summary, listed),
        f"{_values_text(summary)}; the best mean of a column{' or row' * tabled} in bold.",
        *(sweep_tables(summary, summary.sweeps(board)) if tabled else []),
        *comparisons(summary, listed),
        *times_to_target(summary, listed),
        *costs(summary, listed),
        *negative_phase(summary, listed),
        *tuning(summary, listed),
        *other_values(summary, listed),
        *_figures(pictures),
    ]


def _over_datasets(summary: Summary, sweep: Sweep, pictures: Sequence[Picture]) -> list[str]:
    return [
        f"## {escaped(sweep.dataset)} over {escaped(sweep.axis.name)}",
        f"{_values_text(summary)}; the best mean of a row in bold.",
        *sweep_tables(summary, [sweep]),
        *_figures(pictures),
    ]


def _values_text(summary: Summary) -> str:
    if not summary.trained:
        return "Values of untrained models, as they are made"
    return f"Final values after {summary.run.train}"


def _figures(pictures: Sequence[Picture]) -> list[str]:
    if not pictures:
        return []
    return ["### Figures", *(_figure(picture) for picture in pictures)]


def _figure(picture: Picture) -> str:
    return f"![{alternative(picture.caption)}]({picture.file})\n\n*{escaped(picture.caption)}*"


def _provenance(summary: Summary) -> list[str]:
    run, seeds = summary.run, summary.run.seeds
    return [
        Markup(f"Command: {code(run.command)}"),
        Markup(f"Suite: {inline(run.suite)}, digest {code(run.digest)}"),
        f"Seeds: {len(seeds)} ({', '.join(map(str, seeds))})",
        f"Epochs: {run.epochs}" if run.until is None else f"Trained until: {run.train}",
        *([] if run.tuning or not summary.trained else [UNTUNED]),
        *(f"{key}: {'; '.join(v)}" for key, v in summary.environment.items()),
        f"Replicas side by side: {phrases.block_sizes(summary)}",
    ]
