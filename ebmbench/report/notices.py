"""What a reader must know: warnings, and the cells without a result."""

from __future__ import annotations

from ebmbench.report import phrases
from ebmbench.statistics import FEWEST_FOR_P
from ebmbench.summary import Summary

QUICK = "--quick: a smaller version of the experiment; not the paper's numbers."


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
        f"{method} on {dataset}, {phrases.numbered(seeds)} {status}: {reason}"
        for (method, dataset, status, reason), seeds in fates.items()
    ]


def missing(summary: Summary) -> list[str]:
    """Cells that have not been run yet."""
    return [
        f"{row.method} on {board.dataset}: {phrases.seeds(row.seeds.missing)} not run yet"
        for board in summary.boards
        for row in board.rows
        if row.seeds.missing
    ]


def _what(skip: dict[str, str]) -> str:
    what = "" if skip["what"] == "method" else f"{skip['what']}: "
    return what + skip["reason"]
