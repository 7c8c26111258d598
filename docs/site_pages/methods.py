"""A page per method: what its sampler does, and where it stands in which report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ebmbench.interfaces.installed.registry import Registry
from reference_pages.components import component_text
from reference_pages.markdown import code, escaped, literal, table
from site_pages.committed import Board, Report, Standing
from site_pages.leaderboards import anchor
from site_pages.tables import OLDER, breaking, made_of, place_cell, value_cell

Found = Sequence[tuple[Report, Board, Standing]]


def method_pages(reports: Sequence[Report], registry: Registry) -> dict[str, str]:
    """Name of a page -> Markdown; an index, and a page per sampler that is built in or reported."""
    reported = {s.parts.sampler for _, _, s in _all(reports)} - {""}
    names = sorted({*registry.names("samplers"), *reported})
    found = {
        name: [each for each in _all(reports) if each[2].parts.sampler == name] for name in names
    }
    pages = {f"methods/{name}.md": _page(name, mine, registry) for name, mine in found.items()}
    return {"methods/index.md": _index(found, registry), **pages}


def _all(reports: Sequence[Report]) -> Iterator[tuple[Report, Board, Standing]]:
    for report in reports:
        for board in report.boards:
            for standing in board.standings:
                yield report, board, standing


def _index(found: Mapping[str, Found], registry: Registry) -> str:
    rows = [
        (
            f"[{code(name)}]({name}.md)",
            _headline(name, registry),
            str(len({r.path for r, *_ in mine})),
        )
        for name, mine in found.items()
    ]
    return "\n\n".join(
        [
            "# Methods",
            "A method is a model, a sampler and an optimiser; what tells methods apart is mostly "
            "the sampler, which supplies the negative phase. Each has a page: formula, source, "
            "options, and where it stands in committed reports.",
            table(("Sampler", "What it does", "Reports"), rows),
            "[Your own](../first-sampler.md) takes part as they do.",
            "",
        ]
    )


def _headline(name: str, registry: Registry) -> str:
    known = registry.families["samplers"].get(name)
    return escaped(known.component.headline()) if known else "Of a third party's plugin."


def _page(name: str, found: Found, registry: Registry) -> str:
    known = registry.families["samplers"].get(name)
    about = component_text(known) if known else f"`{name}` comes from a plugin of a third party."
    return "\n\n".join(
        [
            f"# {name}",
            about,
            "## Where it stands",
            _standings(found),
            "## Cite",
            f"Cite {code(name)} by the source named above, and a comparison as [how to "
            "cite](../cite.md) says. A report names the version and the settings.",
            "",
        ]
    )


def _standings(found: Found) -> str:
    if not found:
        return "No committed report has it yet. [Submit one](../results.md#submit-a-report)."
    judged = [(r, b, s) for r, b, s in found if s.place]
    rest = [(r, b, s) for r, b, s in found if not s.place]
    blocks = []
    if judged:
        blocks.append(table(("Place", "Dataset", "Method", "Value", "Made of"), map(_row, judged)))
        blocks.append(
            "A place is an interval of ranks among that report's methods; it says nothing across "
            "reports ([how to read it](../reading.md#places))."
        )
    if rest:
        said = f"In reports {OLDER}, or where nothing could be judged:"
        blocks += [said, table(("Report", "Dataset", "As", "Judged by"), _older_rows(rest))]
    return "\n\n".join(blocks)


def _row(each: tuple[Report, Board, Standing]) -> tuple[str, ...]:
    report, board, standing = each
    there = f"../leaderboards/{board.data.component}.md#{anchor(report, board)}"
    return (
        place_cell(standing.place, of_how_many=True, erratic=standing.erratic),
        f"[{literal(board.data.name)}]({there}) in [{literal(report.path)}]"
        f"(../reports/{report.path}/README.md)",
        breaking(standing.method),
        f"{value_cell(standing.value)} {literal(board.unit)} ({code(board.judged)})",
        made_of(standing, frozenset(), ""),
    )


def _older_rows(found: Found) -> Iterator[tuple[str, ...]]:
    """A row per report and dataset; swept methods are many."""
    together: dict[tuple[str, str], list[tuple[Report, Board, Standing]]] = {}
    for each in found:
        together.setdefault((each[0].path, each[1].data.component), []).append(each)
    for mine in together.values():
        report, board, _ = mine[0]
        there = f"../leaderboards/{board.data.component}.md#{anchor(report, board)}"
        names = list(dict.fromkeys(s.method.partition("[")[0] for _, _, s in mine))
        yield (
            f"[{literal(report.path)}](../reports/{report.path}/README.md)",
            f"[{literal(board.data.name.partition('[')[0])}]({there})",
            literal(", ".join(names)),
            code(board.judged),
        )
