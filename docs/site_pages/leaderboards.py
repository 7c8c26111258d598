"""A page per dataset: what it is, and where methods stand on it, report by report."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ebmbench.interfaces.installed.registry import Registry
from reference_pages.components import component_text
from reference_pages.markdown import code, literal, table
from site_pages.committed import Board, Data, Report
from site_pages.tables import FOLDED, folded, lead_text, provenance, standings_table

HOW = """\
A **place** is the ranks that a method may have: from 1 and the number of methods surely better, to
the number of all less those surely worse; with 95 % all places of a table hold at once ([how to
read them](../reading.md#places)). **Methods that are not told apart share a place**, and the bar
beside it shows how much is known. An *erratic* method may be first only as its seeds lie far apart:
that says nothing of how good it is. Places hold within a report: another one has other settings,
budgets and rivals, and nothing here adds up places over reports.
"""
Found = Sequence[tuple[Report, Board]]


def leaderboard_pages(reports: Sequence[Report], registry: Registry) -> dict[str, str]:
    """Name of a page -> Markdown; an index, and a page per dataset that a report judges."""
    methods = frozenset(registry.names("samplers"))
    by_component: dict[str, list[tuple[Report, Board]]] = {}
    for report in reports:
        for board in report.boards:
            by_component.setdefault(board.data.component, []).append((report, board))
    pages = {
        f"leaderboards/{name}.md": _page(name, found, registry, methods)
        for name, found in sorted(by_component.items())
    }
    return {"leaderboards/index.md": _index(by_component), **pages}


def _index(by_component: Mapping[str, Found]) -> str:
    rows = [
        (
            f"[{literal(board.data.name)}]({component}.md)",
            f"[{literal(report.path)}](../reports/{report.path}/README.md)",
            code(board.judged),
            lead_text(board),
            provenance(report),
        )
        for component, found in sorted(by_component.items())
        for report, board in _newer_first(found)
        if board.has_places
    ]
    columns = ("Dataset", "Report", "Judged by", "First place", "How")
    rest = ", ".join(
        f"[{literal(dataset_names([board for _, board in found]))}]({name}.md)"
        for name, found in sorted(by_component.items())
        if not any(board.has_places for _, board in found)
    )
    return "\n\n".join(
        [
            "# Leaderboards",
            "Which method is best on which dataset, as far as committed reports can tell.",
            table(columns, rows) if rows else "No report has places yet.",
            HOW,
            f"Reports on {rest} were made by an older ebmbench, and give values without places."
            if rest
            else "",
        ]
    )


def _page(name: str, found: Found, registry: Registry, methods: frozenset[str]) -> str:
    known = registry.families["datasets"].get(name)
    about = component_text(known) if known else f"`{name}` comes from a plugin of a third party."
    differing = _differing([board.data for _, board in found])
    several = bool(differing)
    sections = [
        block
        for data, mine in _by_data(found)
        for block in (
            _heading(data, differing) if several else "",
            _options(data),
            *_boards(mine, methods, "###" if several else "##"),
        )
    ]
    return "\n\n".join(
        [
            f"# {literal(dataset_names([board for _, board in found]))}",
            _lead(found),
            *sections,
            HOW,
            "## What the dataset is",
            about,
            "Cite the data by the source named there, and a comparison as "
            "[how to cite](../cite.md) says.",
            "",
        ]
    )


def dataset_names(boards: Sequence[Board]) -> str:
    """What suites call a dataset: ``nltcs``."""
    return ", ".join(dict.fromkeys(board.data.name.partition("[")[0] for board in boards))


def _lead(found: Found) -> str:
    reports = len({report.path for report, _ in found})
    n = "One committed report" if reports == 1 else f"{reports} committed reports"
    return (
        f"Where methods stand, by {n}. [What the dataset is](#what-the-dataset-is) is said below."
    )


def _by_data(found: Found) -> Iterator[tuple[Data, Found]]:
    """The boards of the same data together; those with places first."""
    together: dict[str, list[tuple[Report, Board]]] = {}
    for report, board in _newer_first(found):
        together.setdefault(board.data.identity, []).append((report, board))
    for mine in together.values():
        yield mine[0][1].data, mine


def _newer_first(found: Found) -> list[tuple[Report, Board]]:
    return sorted(found, key=lambda pair: not pair[1].has_places)


def _differing(data: Sequence[Data]) -> list[str]:
    """The options in which datasets of a component differ."""
    names = sorted({name for each in data for name in each.options})
    return [n for n in names if len({json.dumps(each.options.get(n)) for each in data}) > 1]


def _heading(data: Data, differing: Sequence[str]) -> str:
    given = [f"{n} {_plain(x)}" for n in differing if (x := data.options.get(n)) is not None]
    return f"## {literal(', '.join([data.name.partition('[')[0], *given]))}"


def _options(data: Data) -> str:
    given = ", ".join(
        f"{name} {_plain(x)}" for name, x in sorted(data.options.items()) if x is not None
    )
    return f"*{code(data.component)}: {literal(given)}*" if given else ""


def _plain(x: Any) -> str:
    if isinstance(x, Mapping):
        return " ".join(f"{k} {_plain(v)}" for k, v in x.items())
    return ", ".join(map(_plain, x)) if isinstance(x, list) else str(x)


def _boards(found: Found, methods: frozenset[str], mark: str) -> Iterator[str]:
    for report, board in found:
        yield f"{mark} {literal(report.path)} {{: #{anchor(report, board)} }}"
        link = f"[The whole report](../reports/{report.path}/README.md)"
        direction = f"{board.better} is better" if board.better else ""
        said = f"{provenance(report)}; judged by {code(board.judged)}, {direction}".rstrip(", ")
        yield f"{lead_text(board)} {link}: {said}."
        rows = standings_table(board, methods)
        many = not board.has_places and len(board.standings) >= FOLDED
        yield folded(rows, f"All {len(board.standings)} methods") if many else rows


def anchor(report: Report, board: Board) -> str:
    """Of a report's table on its dataset's page."""
    letters = f"{report.path}-{board.data.name}".lower()
    return "".join(x if x.isalnum() else "-" for x in letters).strip("-")
