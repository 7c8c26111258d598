"""A race's outcome as text: Markdown, JSON and JUnit XML."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from ebmbench.compare import wording
from ebmbench.compare.decisions import Decision
from ebmbench.compare.junit import junit_of
from ebmbench.compare.speed import Pace
from ebmbench.report.markdown.escape import escaped
from ebmbench.report.markdown.table import table
from ebmbench.report.numbers import duration
from ebmbench.summary.plain import as_plain

COLUMNS = ("Dataset", "Method", "Base", "Head", "Head / base", "95 %", "p slower")
LEGEND = """\
Seconds of one update of one replica on one thread, medians over rounds measured in turn; \
head / base is the median over the rounds, with the interval of its order statistics; p: \
one-sided sign test after Holm."""


def row(pace: Pace) -> list[str]:
    """Under :data:`COLUMNS`."""
    r = pace.ratio
    return [
        pace.dataset,
        pace.method,
        duration(pace.base),
        duration(pace.head),
        f"{r.mean:.3f}",
        f"{r.low:.3f} to {r.high:.3f}",
        f"{pace.p:.2g}",
    ]


def headline(decisions: Sequence[Decision]) -> str:
    """What the gates say; "" where there is none."""
    failed = [each for each in decisions if each.outcome == "failed"]
    if failed:
        return "\n".join(map(wording.message, failed))
    return "No gate failed." if decisions else ""


def markdown(title: str, paces: Sequence[Pace], decisions: Sequence[Decision]) -> str:
    """The race as Markdown."""
    parts = [
        f"## Speed: {escaped(title)}",
        escaped(headline(decisions)),
        table(COLUMNS, map(row, paces)),
        LEGEND,
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def as_json(title: str, paces: Sequence[Pace], decisions: Sequence[Decision], code: int) -> str:
    """The race as one JSON document."""
    content = {
        "race": title,
        "exit_code": code,
        "methods": [asdict(pace) for pace in paces],
        "gates": [{**asdict(each), "message": wording.message(each)} for each in decisions],
    }
    return json.dumps(as_plain(content), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def junit(suite: str, paces: Sequence[Pace], decisions: Sequence[Decision], strict: bool) -> str:
    """The race as JUnit XML."""
    return junit_of(suite, decisions, (), "\n".join(" ".join(row(pace)) for pace in paces), strict)
