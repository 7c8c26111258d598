"""The report as Markdown, and the words that all reports share.

First the words (numbers, verdicts, sentences), which the terminal uses too; then the document.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import inf, isnan
from typing import NamedTuple

from ebmbench.statistics import FEWEST_FOR_P, MOST_SEEDS, Comparison, Interval
from ebmbench.summary import (
    PHASES,
    Board,
    Row,
    Summary,
    ToTarget,
    UpdateCost,
    in_spectrum,
)

NOTHING = "-"
QUICK = "--quick: a smaller version of the experiment; not the paper's numbers."
THOUSANDS = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))
TIMES = ((3600.0, "h"), (60.0, "min"), (1.0, "s"), (1e-3, "ms"), (1e-6, "µs"))

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


class Picture(NamedTuple):
    """A figure of the report: a file beside the Markdown, and what it shows."""

    file: str
    dataset: str
    caption: str


# ---- numbers


def count(x: float) -> str:
    """Three digits and a prefix: ``1.28 M``."""
    return _scaled(x, THOUSANDS)


def duration(seconds: float) -> str:
    """Three digits and a unit: ``412 µs``, ``1.28 s``; "never" for infinity."""
    if seconds == inf:
        return "never"
    return _scaled(seconds, TIMES) if seconds >= 1e-6 else f"{1e6 * seconds:.2g} µs"


def ratio(x: float) -> str:
    """``0.05 x``."""
    return NOTHING if isnan(x) else f"{x:.2g} x" if x < 100 else f"{x:.0f} x"


def signed(difference: Interval) -> str:
    """An interval with its sign: ``+0.12 ± 0.03``."""
    return ("+" if difference.mean > 0 else "") + str(difference)


def p_value(p: float | None) -> str:
    """``p = 0.03``, or that there are too few seeds for one."""
    if p is None:
        return f"no p-value below {FEWEST_FOR_P} pairs"
    return "p < 0.001" if p < 0.001 else f"p = {p:.2g}"


def _split(cost: UpdateCost) -> str:
    """The phases in the unit and with the decimals of their total."""
    scale = next((scale for scale, _ in TIMES if cost.total_seconds >= 0.9995 * scale), 1e-6)
    places = _decimals(cost.total_seconds / scale)
    return "+".join(f"{cost.seconds[phase] / scale:.{places}f}" for phase in PHASES)


def _scaled(x: float, scales: Iterable[tuple[float, str]]) -> str:
    for scale, prefix in scales:
        if x >= 0.9995 * scale:
            return f"{x / scale:.{_decimals(x / scale)}f} {prefix}"
    return f"{x:.3g}"


def _decimals(x: float) -> int:
    """Of a number from 1 to 999, for three digits."""
    return 0 if x >= 99.95 else 1 if x >= 9.995 else 2


# ---- cells that terminal and Markdown share


def seeds_lines(row: Row) -> list[str]:
    """``6 seeds``, and how many did not end well."""
    s = row.seeds
    names = {"diverged": s.diverged, "failed": s.failed, "missing": s.missing}
    return [_seeds(s.done), *(f"{n} {name}" for name, n in names.items() if n)]


def target_lines(to_target: ToTarget | None) -> list[str]:
    """Who reached the target, and the median update, epoch and time."""
    if to_target is None:
        return [NOTHING]
    share = f"{to_target.reached}/{to_target.seeds} seeds"
    if to_target.updates == inf:
        return [share, "median never"]
    updates = f"{count(to_target.updates)} updates"
    return [share, updates, f"{to_target.epochs:g} epochs", duration(to_target.seconds)]


def cost_lines(row: Row) -> list[str]:
    """Measured cost of an update, its split over the phases in the same unit, counted cost."""
    if row.cost is None:
        return [NOTHING]
    return [
        duration(row.cost.total_seconds),
        f"= {_split(row.cost)}",
        f"{count(row.cost.total.macs)} MACs",
        f"{count(row.cost.total.randoms)} randoms",
        f"{count(row.cost.total.bytes)}B",
    ]


def verdict_lines(comparison: Comparison | None) -> list[str]:
    """The verdict, the difference it rests on, and how sure it is."""
    if comparison is None:
        return [NOTHING]
    c = comparison
    more = [more_seeds(c)] if c.verdict == "inconclusive" else []
    p = "no p" if c.p is None else p_value(c.p)
    dropped = [f"{c.dropped} dropped"] if c.dropped else []
    return [
        c.verdict + _percent(c),
        signed(c.difference),
        f"{p}, n = {c.pairs}",
        *dropped,
        *more,
    ]


def more_seeds(c: Comparison) -> str:
    """What would settle an inconclusive comparison."""
    if c.pairs < 2:
        return "needs at least 2 seeds"
    if c.more_seeds is None:
        return f"{MOST_SEEDS} seeds may not do"
    return f"needs ~{_more(c.more_seeds)}"


# ---- sentences


def headline(summary: Summary, board: Board) -> list[str]:
    """Who won, by how much, how surely, at what cost; and who won elsewhere."""
    judged = summary.judged
    if judged is None or judged not in board.leads:
        return ["Nothing to compare yet: no method has a final value that could be judged."]
    sentences = [
        _winner(summary, board, judged),
        _over_baseline(summary, board, judged),
        *_elsewhere(board, judged),
        _price(summary, board, judged),
    ]
    return [sentence for sentence in sentences if sentence]


def warnings(summary: Summary) -> list[str]:
    """What a reader must know before believing the numbers."""
    lines = [QUICK] if summary.run["quick"] else []
    few = max((r.seeds.done for b in summary.boards for r in b.rows), default=0)
    if few < FEWEST_FOR_P:
        lines.append(f"With fewer than {FEWEST_FOR_P} seeds there are no p-values.")
    return lines


def skips(summary: Summary) -> list[str]:
    """What was left out, and why."""
    return [f"{s['method']} on {s['dataset']}: {_what(s)}" for s in summary.run["skips"]]


def troubles(summary: Summary) -> list[str]:
    """Cells that diverged or failed; seeds with the same fate share a line."""
    fates: dict[tuple[str, str, str, str], list[int]] = {}
    for t in summary.troubles:
        fates.setdefault((t.method, t.dataset, t.status, t.reason), []).append(t.seed)
    return [
        f"{method} on {dataset}, {_numbered(seeds)} {status}: {reason}"
        for (method, dataset, status, reason), seeds in fates.items()
    ]


def missing(summary: Summary) -> list[str]:
    """Cells that have not been run yet."""
    return [
        f"{row.method} on {board.dataset}: {_seeds(row.seeds.missing)} not run yet"
        for board in summary.boards
        for row in board.rows
        if row.seeds.missing
    ]


def judged_by(summary: Summary) -> str:
    """The heading of the verdicts: against whom, on what."""
    return f"vs {summary.baseline} on {summary.judged}"


def target_text(summary: Summary) -> str:
    """``hamming.test < 0.05``."""
    t = summary.target
    return f"{t.value} {'<' if t.below else '>'} {t.limit:g}" if t else "no target"


def _winner(summary: Summary, board: Board, value: str) -> str:
    lead, c = board.leads[value], board.leads[value].comparison
    best = f"{board.row(lead.best).final[value]}{_unit(summary, value)}"
    if lead.rival is None or c is None:
        return f"Only {lead.best} has a final {value}: {best}."
    rival = f"the {_role(summary, lead.rival)}'s {board.row(lead.rival).final[value]}"
    if c.verdict == "better":
        sure = f"{_amount(c)}, {_sureness(c)}"
        return f"{lead.best} wins on {value}: {best} against {rival}; {sure}."
    leads = f"{lead.best} has the best mean, {best} against {rival}"
    if c.verdict == "equivalent":
        return f"No winner on {value}: {leads}, but they are equivalent, {_within(c)}."
    return f"No clear winner on {value}: {leads}, but {_doubt(c)}."


def _role(summary: Summary, rival: str) -> str:
    return ("baseline " if rival == summary.baseline else "runner-up ") + rival


def _over_baseline(summary: Summary, board: Board, value: str) -> str:
    lead = board.leads[value]
    c = board.row(lead.best).against.get(value)
    if c is None or lead.rival == summary.baseline:
        return ""
    baseline = f"the baseline {summary.baseline}'s {board.row(str(summary.baseline)).final[value]}"
    if c.verdict == "inconclusive":
        return f"Against {baseline}, {_doubt(c)}."
    if c.verdict == "equivalent":
        return f"It is equivalent to {baseline}, {_within(c)}."
    return f"It is {c.verdict} than {baseline}: {_amount(c)}, {_sureness(c)}."


def _elsewhere(board: Board, judged: str) -> list[str]:
    """The columns on which another method is ahead: surely, or not told apart."""
    favourite = board.leads[judged].best
    others = [v for v, lead in board.leads.items() if lead.best != favourite]
    sure = [v for v in others if _surely(board, v)]
    stories = "; ".join(_other_story(board, v, favourite) for v in sure)
    unsure = [f"{v} ({board.leads[v].best})" for v in others if v not in sure]
    return [
        f"Other columns tell another story: {stories}." if sure else "",
        f"Nominally ahead elsewhere, not told apart: {', '.join(unsure)}." if unsure else "",
    ]


def _surely(board: Board, value: str) -> bool:
    c = board.leads[value].comparison
    return c is None or c.verdict == "better"


def _other_story(board: Board, value: str, favourite: str) -> str:
    lead = board.leads[value]
    best = f"on {value} {lead.best} has the best mean ({board.row(lead.best).final[value]})"
    if favourite not in lead.ranking:
        return f"{best} and {favourite} has no value"
    place = f"number {lead.ranking.index(favourite) + 1} of {len(lead.ranking)}"
    return f"{best} and {favourite} is {place} ({board.row(favourite).final[value]})"


def _price(summary: Summary, board: Board, judged: str) -> str:
    row = board.row(board.leads[judged].best)
    baseline = next((r for r in board.rows if r.method == summary.baseline), None)
    if row.cost is None:
        return ""
    cost = f"An update costs {row.method} {duration(row.cost.total_seconds)}"
    if baseline is None or baseline is row or baseline.cost is None or row.negative_ratio is None:
        return cost + "."
    theirs = f"{baseline.method} {duration(baseline.cost.total_seconds)}"
    macs, seconds = ratio(row.negative_ratio.macs), ratio(row.negative_ratio.seconds)
    return (
        f"{cost}, {theirs}; its negative phase takes {macs} the multiply-adds and {seconds} the "
        f"time of {baseline.method}'s."
    )


def _amount(c: Comparison) -> str:
    """``0.160 ± 0.007 lower (-94 %)``."""
    d = c.difference
    size = Interval(abs(d.mean), abs(d.mean) - d.half, abs(d.mean) + d.half, d.n)
    return f"{size} {'lower' if d.mean < 0 else 'higher'}{_percent(c)}"


def _percent(c: Comparison) -> str:
    return "" if isnan(c.percent) else f" ({c.percent:+.3g} %)"


def _sureness(c: Comparison) -> str:
    return f"better on {100 * c.probability:.0f} % of {c.pairs} paired seeds, {p_value(c.p)}"


def _within(c: Comparison) -> str:
    return f"{signed(c.difference)} being within the margin of {c.margin:g}"


def _doubt(c: Comparison) -> str:
    if c.pairs < 2:
        return "a comparison needs at least 2 seeds that both have"
    more = more_seeds(c)
    return f"the difference, {signed(c.difference)} over {c.pairs} seeds, is inconclusive ({more})"


def _unit(summary: Summary, value: str) -> str:
    return f" {unit}" if (unit := summary.unit(value)) else ""


def _what(skip: dict[str, str]) -> str:
    what = "" if skip["what"] == "method" else f"{skip['what']}: "
    return what + skip["reason"]


def _seeds(n: int) -> str:
    return "1 seed" if n == 1 else f"{n} seeds"


def _more(n: int) -> str:
    return "1 more seed" if n == 1 else f"{n} more seeds"


def _numbered(seeds: Sequence[int]) -> str:
    return ("seed " if len(seeds) == 1 else "seeds ") + ", ".join(map(str, seeds))


# ---- the document


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table whose source is aligned, too."""
    cells = [[cell.replace("|", "\\|") for cell in line] for line in (head, *rows)]
    widths = [max(3, *map(len, column)) for column in zip(*cells, strict=True)]
    lines = ["| " + " | ".join(map(str.ljust, line, widths)) + " |" for line in cells]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])


def document(summary: Summary, pictures: Sequence[Picture]) -> str:
    """The whole report."""
    parts = [
        f"# {summary.run['suite']}",
        summary.run["title"],
        *(f"> **{warning}**" for warning in warnings(summary)),
    ]
    for board in summary.boards:
        parts += _dataset(summary, board, [p for p in pictures if p.dataset == board.dataset])
    parts += [
        *_listed("Skipped", skips(summary)),
        *_listed("Diverged and failed", troubles(summary)),
        *_listed("Missing", missing(summary)),
        *_listed("Deviations from the paper", summary.run["report"].get("deviations") or []),
        "## How a verdict is reached",
        VERDICTS,
        *_listed("How it was run", _provenance(summary)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _dataset(summary: Summary, board: Board, pictures: Sequence[Picture]) -> list[str]:
    return [
        f"## {board.dataset}",
        " ".join(headline(summary, board)),
        _main_table(summary, board),
        f"Final values after {summary.run['epochs']} epochs; the best mean of a column in bold.",
        *_against_baseline(summary, board),
        *_to_target(summary, board),
        *_costs(summary, board),
        *_other_values(summary, board),
        *_pictures(pictures),
    ]


def _main_table(summary: Summary, board: Board) -> str:
    head = ["Method", "Seeds", *summary.columns, "Reached target", "Cost/update"]
    head += [judged_by(summary)] if summary.baseline else []
    return table(head, [_main_row(summary, board, row) for row in board.rows])


def _main_row(summary: Summary, board: Board, row: Row) -> list[str]:
    finals = [_final(board, row, value) for value in summary.columns]
    cost = duration(row.cost.total_seconds) if row.cost else NOTHING
    target = ", ".join(target_lines(row.to_target)[:2])
    verdict = [_verdict(summary, row)] if summary.baseline else []
    return [row.method, ", ".join(seeds_lines(row)), *finals, target, cost, *verdict]


def _final(board: Board, row: Row, value: str) -> str:
    text = str(row.final[value]) if value in row.final else NOTHING
    best = value in board.leads and board.leads[value].best == row.method
    return f"**{text}**" if best else text


def _verdict(summary: Summary, row: Row) -> str:
    if row.method == summary.baseline:
        return "baseline"
    c = row.against.get(summary.judged or "")
    return f"{c.verdict}, {signed(c.difference)}" if c else NOTHING


def _against_baseline(summary: Summary, board: Board) -> list[str]:
    compared = [row for row in board.rows if row.against]
    if not compared:
        return []
    values = [v for v in summary.values if any(v in row.against for row in compared)]
    return [
        f"### Against {summary.baseline}",
        f"On {summary.judged}:",
        table(
            ["Method", "Verdict", "Difference", "%", "Improvement", "p", "Pairs", "To settle it"],
            [_judged_row(summary, row) for row in compared],
        ),
        "On every value (each line is a family of its own):",
        table(
            ["Value", *(row.method for row in compared)],
            [[v, *(_short(row.against.get(v)) for row in compared)] for v in values],
        ),
    ]


def _judged_row(summary: Summary, row: Row) -> list[str]:
    c = row.against.get(summary.judged or "")
    if c is None:
        return [row.method, *[NOTHING] * 7]
    return [
        row.method,
        c.verdict,
        signed(c.difference),
        NOTHING if isnan(c.percent) else f"{c.percent:+.3g}",
        f"{100 * c.probability:.0f} %",
        NOTHING if c.p is None else f"{c.p:.2g}",
        f"{c.pairs}" + (f" ({c.dropped} dropped)" if c.dropped else ""),
        more_seeds(c) if c.verdict == "inconclusive" else NOTHING,
    ]


def _short(c: Comparison | None) -> str:
    return f"{c.verdict}, {signed(c.difference)}" if c else NOTHING


def _to_target(summary: Summary, board: Board) -> list[str]:
    rows = [(row.method, row.to_target) for row in board.rows if row.to_target]
    if not rows:
        return []
    head = ["Method", "Reached by", "Updates", "Epochs", "Training time"]
    return [
        f"### Time to {target_text(summary)}",
        "The first measured moment on the target's side; medians over seeds, a miss counting as "
        "never.",
        table(head, [[method, *_passage(to)] for method, to in rows]),
    ]


def _passage(to: ToTarget) -> list[str]:
    reached = f"{to.reached} of {_seeds(to.seeds)}"
    if to.updates == inf:
        return [reached, "never", "never", "never"]
    return [reached, f"{to.updates:,.0f}", f"{to.epochs:g}", duration(to.seconds)]


def _costs(summary: Summary, board: Board) -> list[str]:
    rows = [row for row in board.rows if row.cost]
    if not rows:
        return []
    return [
        "### Cost of an update",
        "Measured, for one replica (its share of a block):",
        table(["Method", "Total", *map(str.capitalize, PHASES)], map(_measured, rows)),
        "Counted, whatever the machine (multiply-adds, random numbers, bytes):",
        table(
            ["Method", "MACs", "Randoms", "Bytes", *(f"Negative {x}" for x in COUNTED)],
            map(_counted, rows),
        ),
        *_negative_ratios(summary, rows),
    ]


COUNTED = ("MACs", "randoms", "bytes")


def _measured(row: Row) -> list[str]:
    assert row.cost is not None
    return [
        row.method,
        duration(row.cost.total_seconds),
        *(duration(row.cost.seconds[phase]) for phase in PHASES),
    ]


def _counted(row: Row) -> list[str]:
    assert row.cost is not None
    return [row.method, *map(count, (*row.cost.total, *row.cost.counted["negative"]))]


def _negative_ratios(summary: Summary, rows: Sequence[Row]) -> list[str]:
    ratios = [(row.method, row.negative_ratio) for row in rows if row.negative_ratio]
    if not ratios:
        return []
    return [
        f"The negative phase in units of {summary.baseline}'s:",
        table(
            ["Method", "Multiply-adds", "Measured time"],
            [[method, ratio(r.macs), ratio(r.seconds)] for method, r in ratios],
        ),
    ]


def _other_values(summary: Summary, board: Board) -> list[str]:
    values = [v for v in summary.values if v not in summary.columns and not in_spectrum(v)]
    if not values:
        return []
    head = ["Value", "Unit", *(row.method for row in board.rows)]
    return ["### Other final values", table(head, [_value(summary, board, v) for v in values])]


def _value(summary: Summary, board: Board, value: str) -> list[str]:
    texts = [str(row.final[value]) if value in row.final else NOTHING for row in board.rows]
    return [value, summary.unit(value) or NOTHING, *texts]


def _pictures(pictures: Sequence[Picture]) -> list[str]:
    if not pictures:
        return []
    return ["### Figures", *(f"![{p.caption}]({p.file})\n\n*{p.caption}*" for p in pictures)]


def _listed(title: str, lines: Sequence[str]) -> list[str]:
    return [f"## {title}", "\n".join(f"- {line}" for line in lines)] if lines else []


def _provenance(summary: Summary) -> list[str]:
    run, seeds = summary.run, summary.run["seeds"]
    return [
        f"Command: `{run['command']}`",
        f"Suite: {run['suite']}, digest `{run['digest']}`",
        f"Seeds: {len(seeds)} ({', '.join(map(str, seeds))})",
        f"Epochs: {run['epochs']}",
        *(f"{key}: {'; '.join(v)}" for key, v in summary.environment.items()),
        f"Replicas side by side: {_block_sizes(summary)}",
    ]


def _block_sizes(summary: Summary) -> str:
    return "; ".join(f"{m} {' or '.join(map(str, n))}" for m, n in summary.blocks.items())
