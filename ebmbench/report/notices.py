"""What a reader must know: warnings, and the cells without a result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isnan

from ebmbench.plan.plan import Skip
from ebmbench.report import phrases
from ebmbench.report.sentences.words import names
from ebmbench.summary import Leaderboard, Row, Summary, UpdateCost
from ebmbench.summary.costs import BUSY
from ebmbench.summary.statistics import FEWEST_PAIRS

QUICK = "--quick: a smaller version of the experiment; not {whose} numbers."


def warnings(summary: Summary) -> list[str]:
    """What a reader must know before believing the answer; of times see :func:`busy`."""
    report = summary.run.report
    whose = "the paper's" if report.cites or report.deviations else "the suite's"
    lines = [QUICK.format(whose=whose)] if summary.run.quick else []
    few = max((r.seeds.done for b in summary.boards for r in b.rows), default=0)
    if 0 < few < FEWEST_PAIRS:
        lines.append(f"With fewer than {FEWEST_PAIRS} seeds there are no verdicts.")
    return [*lines, *summary.run.notes]


def busy(summary: Summary) -> list[str]:
    """That times were measured beside other work, and how much it was; one line per dataset."""
    held_up = {
        board.dataset: {
            row.method: row.cost for row in board.rows if row.cost and row.cost.was_held_up
        }
        for board in summary.boards
    }
    return [
        f"The machine was busy on {dataset}: {_held_up(costs)}. Times are medians over "
        "updates; compare them with care."
        for dataset, costs in held_up.items()
        if costs
    ]


def _held_up(costs: Mapping[str, UpdateCost]) -> str:
    """The worst of some methods' costs, in words."""
    waited = max(costs, key=lambda m: _or(costs[m].waited, 0.0))
    idle = min(costs, key=lambda m: _or(costs[m].worked, 1.0))
    load = max(_or(cost.load, 0.0) for cost in costs.values())
    mean, worked = costs[waited].waited, costs[idle].worked
    said = [
        f"an update of {waited} took {mean:.1f} times its median on average" * (mean > BUSY),
        f"the CPU computed for {100 * _or(worked, 1):.0f} % of {idle}'s time" * (worked < 1 / BUSY),
        f"{load:.1f} tasks per core ran or waited" * (load > BUSY),
    ]
    return ", ".join(each for each in said if each)


def _or(x: float, otherwise: float) -> float:
    return otherwise if isnan(x) else x


def skips(summary: Summary) -> list[str]:
    """What was left out, and why; methods with the same reason share a line."""
    shared: dict[str, dict[str, list[str]]] = {}
    for s in summary.run.skips:
        methods = shared.setdefault(f" on {s.dataset}: {_what(s)}", {})
        methods.setdefault(phrases.origin(summary, s.method), []).append(s.method)
    return [
        names([phrases.together(summary, variants) for variants in methods.values()]) + text
        for text, methods in shared.items()
    ]


def troubles(summary: Summary) -> list[str]:
    """Cells that diverged or failed; seeds, and variants of a method, share their fate's line."""
    fates: dict[tuple[str, str, str, str], list[tuple[str, int]]] = {}
    for t in summary.troubles:
        fate = (phrases.origin(summary, t.method), t.dataset, t.status, t.reason)
        fates.setdefault(fate, []).append((t.method, t.seed))
    return [
        f"{_whose(summary, dataset, cells)} {status}: {reason}"
        for (_, dataset, status, reason), cells in fates.items()
    ]


def missing(summary: Summary) -> list[str]:
    """Cells that have not been run yet; variants of a method share a line."""
    return [line for board in summary.boards for line in _missing_on(summary, board)]


def _whose(summary: Summary, dataset: str, cells: Sequence[tuple[str, int]]) -> str:
    """``CD on bars, seeds 3, 7``, or ``CD (5 variants) on bars, 9 cells``."""
    methods = dict.fromkeys(method for method, _ in cells)
    seeds = phrases.numbered([seed for _, seed in cells])
    which = seeds if len(methods) == 1 else f"{len(cells)} cells"
    return f"{phrases.together(summary, methods)} on {dataset}, {which}"


def _missing_on(summary: Summary, board: Leaderboard) -> list[str]:
    rows: dict[str, list[Row]] = {}
    for row in board.rows:
        if row.seeds.missing:
            rows.setdefault(phrases.origin(summary, row.method), []).append(row)
    return [
        f"{phrases.together(summary, [row.method for row in mine])} on {board.dataset}: "
        f"{_number(mine)} without a result"
        for mine in rows.values()
    ]


def _number(rows: Sequence[Row]) -> str:
    n = sum(row.seeds.missing for row in rows)
    return phrases.seeds(n) if len(rows) == 1 else f"{n} cells"


def _what(skip: Skip) -> str:
    what = "" if skip.what == "method" else f"{skip.what}: "
    return what + skip.reason
