"""A comparison as Markdown, for a job's summary or a comment."""

from __future__ import annotations

from collections.abc import Sequence

from ebmbench.compare import wording
from ebmbench.compare.comparison import Compared
from ebmbench.report.markdown.escape import bold, escaped, inline
from ebmbench.report.markdown.table import table

SIGNS = {"failed": "❌", "warned": "⚠️", "passed": "✅", "inconclusive": "❔"}


def markdown(c: Compared) -> str:
    """The whole comparison: gates first."""
    parts = [
        f"## {escaped(f'{c.suite}: {c.head} against {c.base}')}",
        bold(wording.headline(c)),
        *(f"> {escaped(notice)}" for notice in c.notices),
        *_gates(c),
        *_list("Lost", [f"{x.dataset}: {x.method}: seed {x.seed} {x.reason}" for x in c.lost]),
        *_values(c),
        *_targets(c),
        *_across(c),
        *_list("Made on", wording.environment_lines(c)),
    ]
    return "\n\n".join(parts) + "\n"


def _list(title: str, lines: Sequence[str]) -> list[str]:
    """A section that is a list; nothing where there is nothing to list."""
    return [f"### {title}", "\n".join(f"- {escaped(line)}" for line in lines)] if lines else []


def _gates(c: Compared) -> list[str]:
    if not c.decisions:
        return []
    parts = ["### Gates"]
    for dataset in dict.fromkeys(each.dataset for each in c.decisions):
        rows = [wording.gate_row(each) for each in c.decisions if each.dataset == dataset]
        signed = [[f"{SIGNS[outcome]} {outcome}", *others] for outcome, *others in rows]
        parts += [f"#### {escaped(dataset)}", table(wording.GATE_COLUMNS, signed)]
    return [*parts, wording.GATES_LEGEND]


def _values(c: Compared) -> list[str]:
    parts = ["### Values"]
    for dataset in dict.fromkeys(each.dataset for each in c.matched):
        rows = [wording.value_row(each) for each in c.matched if each.dataset == dataset]
        parts += [f"#### {escaped(dataset)}", table(wording.VALUE_COLUMNS, rows)]
    return [*parts, wording.LEGEND]


def _targets(c: Compared) -> list[str]:
    if not c.reached:
        return []
    parts = [f"### Time to {inline(wording.target_title(c))}"]
    for dataset in dict.fromkeys(each.dataset for each in c.reached):
        found = (each for each in c.reached if each.dataset == dataset)
        rows = map(wording.target_row, found)
        parts += [f"#### {escaped(dataset)}", table(wording.TARGET_COLUMNS, rows)]
    return parts


def _across(c: Compared) -> list[str]:
    if not c.across:
        return []
    rows = [wording.across_row(each) for each in c.across]
    parts = ["### Over all datasets", table(wording.ACROSS_COLUMNS, rows), wording.ACROSS_LEGEND]
    for profile in c.profiles:
        measure = inline(profile.measure)
        title = f"#### Performance profile: {measure}, {profile.problems} problems"
        parts += [title, table(wording.PROFILE_COLUMNS, wording.profile_rows(profile))]
    return [*parts, *([wording.PROFILE_LEGEND] if c.profiles else [])]
