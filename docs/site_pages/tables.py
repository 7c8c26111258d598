"""Standings as tables: a method's place carries its interval."""

from __future__ import annotations

from html import escape

from ebmbench.summary.statistics.places import Place
from reference_pages.markdown import code, literal, table
from site_pages.committed import Board, Report, Standing

DASH = NOTHING = "\N{EN DASH}"
BRACKET = "&#91;"  # as ``literal`` writes it
OLDER = "made by an older ebmbench, which knew no places"
FOLDED = 12  # rows from which a table without places waits to be opened


def place_text(place: Place) -> str:
    """``2``, or ``1-3`` with a longer dash."""
    return str(place).replace("-", DASH)


def place_cell(place: Place | None, of_how_many: bool = False, erratic: bool = False) -> str:
    """The place, and where its interval lies among all ranks, as a bar."""
    if place is None:
        return NOTHING
    text = f"{place_text(place)} of {place.of}" if of_how_many else place_text(place)
    start, width = (place.first - 1) / place.of, (place.last - place.first + 1) / place.of
    bar = f'<span class="bar" style="--start:{start:.4f};--width:{width:.4f}"></span>'
    mark = '<small class="mark">erratic</small>' if erratic else ""
    return f'<span class="standing"><span class="place">{text}</span>{bar} {mark}</span>'


def standings_table(board: Board, methods: frozenset[str]) -> str:
    """A row per method, the best places first; ``methods`` are the samplers that have a page."""
    columns = ("Place", "Method", judged_by(board), "Made of", "Against the baseline")
    rows = [
        (
            place_cell(each.place, erratic=each.erratic),
            f"**{breaking(each.method)}**",
            value_cell(each.value),
            made_of(each, methods, "../methods/"),
            literal(each.verdict) or NOTHING,
        )
        for each in board.standings
    ]
    shown = columns if board.has_places else columns[1:]
    kept = rows if board.has_places else [row[1:] for row in rows]
    return table([literal(name) for name in shown], kept)


def breaking(name: str) -> str:
    """A name that a narrow column may break: ``Gibbs[every=update]`` has no space."""
    return literal(name).replace("=", "=<wbr>").replace(BRACKET, f"<wbr>{BRACKET}")


def made_of(standing: Standing, methods: frozenset[str], folder: str) -> str:
    """Model, sampler and settings; the sampler leads to its page."""
    parts = standing.parts
    sampler = code(parts.sampler)
    if parts.sampler in methods:
        sampler = f"[{sampler}]({folder}{parts.sampler}.md)"
    said = ", ".join(filter(None, (code(parts.model), sampler, literal(parts.settings))))
    return f'<span class="made">{said}</span>'


def value_cell(value: str) -> str:
    """A mean and its half-width stay on a line."""
    return literal(value).replace(" &#177; ", "&nbsp;±&nbsp;") or NOTHING


def judged_by(board: Board) -> str:
    """``nll.test, nats``."""
    return f"{board.judged}, {board.unit}" if board.unit else board.judged


def lead_text(board: Board) -> str:
    """Who has the first place, in a sentence."""
    first = [(_named(s), s.place) for s in board.standings if s.place and s.place.first == 1]
    if not board.has_places:
        return f"Report {OLDER}: methods are in the order of their means, which is no ranking."
    if [place.last for _, place in first] == [1]:
        return f"{first[0][0]} has the first place alone."
    if len(first) <= 3:
        *others, last = (f"{name} ({place_text(place)})" for name, place in first)
        return f"{', '.join(others)} and {last} share the first place."
    wild = [_named(s) for s in board.standings if s.erratic]
    but = f", {' and '.join(wild)} among them" if wild else ""
    return f"**{len(first)} of {len(board.standings)}** methods share the first place{but}."


def _named(standing: Standing) -> str:
    name = f"**{literal(standing.method)}**"
    return f"the erratic {name}" if standing.erratic else name


def provenance(report: Report) -> str:
    """How sure, and how made."""
    tuned = "each method tuned" if report.tuned else "one setting for each method"
    seeds = "1 seed" if report.seeds == 1 else f"{report.seeds} seeds"
    return f"{seeds}, {tuned}"


def folded(text: str, title: str) -> str:
    """What waits to be opened."""
    return f'<details markdown="1">\n<summary>{escape(title)}</summary>\n\n{text}\n\n</details>'
