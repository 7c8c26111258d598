r"""A figure's numbers as a LaTeX table, for the package booktabs.

Numbers are ``$2.25 \pm 0.03$``: a mean over seeds and its 95 % interval. Bold is a method that
holds the first place alone, by all comparisons of its dataset in one family; no best mean is bold
because it is best by chance.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from ebmbench.errors import ConfigError, Problem
from ebmbench.report import phrases
from ebmbench.report.figures.contents.content import Content, Images
from ebmbench.report.figures.panels import TRAINING, Panel
from ebmbench.report.figures.price.phases import Phases
from ebmbench.report.figures.price.prices import LABELS, Prices
from ebmbench.report.numbers import count, duration
from ebmbench.report.paper.catalogue import Source
from ebmbench.summary import Leaderboard, Row, Summary
from ebmbench.summary.statistics import Interval
from ebmbench.training.stopwatch import PHASES

SPECIAL: Mapping[str, str] = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "_": r"\_",
    "%": r"\%",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': "''",
    "[": r"{[}",  # after a line's end it would open an argument
    "]": r"{]}",
    "µ": r"\textmu{}",
    "±": r"$\pm$",
}
ARROWS = {"lower": r" $\downarrow$", "higher": r" $\uparrow$", None: ""}
NOTHING = "--"
BOLD = "in bold what holds the first place alone, by the comparisons of all methods"


class _Table(NamedTuple):
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


def table_of(content: Content, source: Source) -> str:
    """The table, from ``\\begin{tabular}`` to its end, under a comment that says what it is.

    Raises:
        ConfigError: the figure shows images.
    """
    table = _table(content, source.summary)
    columns = "l" + "r" * (len(table.head) - 1)
    bold = f"; {BOLD}" if any(r"\mathbf" in cell for row in table.rows for cell in row) else ""
    about = f"{content.caption}{bold}"
    run = source.summary.run
    return "\n".join(
        [
            "% Needs \\usepackage{booktabs}.",  # first: this tells that the file is ours
            *(f"% {line}" for line in (f"{run.suite}, {run.digest}", " ".join(about.split()))),
            rf"\begin{{tabular}}{{{columns}}}",
            r"\toprule",
            _line(table.head),
            r"\midrule",
            *map(_line, table.rows),
            r"\bottomrule",
            r"\end{tabular}",
            "",
        ]
    )


def _table(content: Content, summary: Summary) -> _Table:
    first = content.parts[0]
    if isinstance(first, Images):
        raise ConfigError(
            Problem("--latex", "", "images make no table", "Choose a figure of numbers.")
        )
    boards = [board for board in summary.boards if board.dataset == content.dataset]
    if isinstance(first, Phases):
        return _of_phases(first)
    if isinstance(first, Prices):
        prices = [part for part in content.parts if isinstance(part, Prices)]
        return _of_prices(prices, summary, boards[0])
    if first.x in TRAINING:
        return _of_finals(content.panels, summary, boards[0])
    return _of_curves(content.panels)


def _of_finals(panels: Sequence[Panel], summary: Summary, board: Leaderboard) -> _Table:
    """A row per method, with the final values of the figure's curves."""
    shown = dict.fromkeys(line for panel in panels for line in panel.curves)
    rows = [row for row in board.rows if row.method in shown]
    lossy = any(row.seeds.done < len(summary.run.seeds) for row in rows)
    head = ["method", *(_titled(summary, panel.value) for panel in panels)]
    return _Table(
        head + (["seeds"] if lossy else []),
        [
            [
                escaped(row.method),
                *(_final(row, panel.value, summary, board) for panel in panels),
                *([_seeds(row)] if lossy else []),
            ]
            for row in rows
        ],
    )


def _of_curves(panels: Sequence[Panel]) -> _Table:
    """A row per x, with a column per line, of each panel."""
    x = list(dict.fromkeys(at for p in panels for c in p.curves.values() for at in c.epochs))
    found = {
        (i, line): dict(zip(curve.epochs, curve.values, strict=True))
        for i, panel in enumerate(panels)
        for line, curve in panel.curves.items()
    }
    several = len(panels) > 1
    names = [f"{panels[i].value}, {line}" if several else line for i, line in found]
    rows = [[f"{at:g}", *map(value, (of.get(at) for of in found.values()))] for at in sorted(x)]
    return _Table([escaped(panels[0].x.label), *map(escaped, names)], rows)


def _of_prices(parts: Sequence[Prices], summary: Summary, board: Leaderboard) -> _Table:
    """A row per method: values, what a training costs, and on which values' fronts it is."""
    prices = {price.method: price for part in parts for price in part.points}
    values = [part.value for part in parts]
    return _Table(
        ["method", *(_titled(summary, each) for each in values), *LABELS.values(), "front"],
        [
            [
                escaped(method),
                *(_final(board.row(method), each, summary, board) for each in values),
                escaped(duration(price.seconds)),
                escaped(count(price.macs)),
                _fronts(method, parts),
            ]
            for method, price in prices.items()
        ],
    )


def _fronts(method: str, parts: Sequence[Prices]) -> str:
    found = [part.value for part in parts if method in part.front]
    return "yes" if len(found) == len(parts) else escaped(", ".join(found))


def _of_phases(part: Phases) -> _Table:
    floor = ["floor"] if part.has_floor else []
    rows = []
    for update in part.updates:
        seconds = [update.seconds[phase] for phase in PHASES]
        times = [*seconds, sum(seconds), *([sum(update.floor.values())] if floor else [])]
        macs = sum(cost.macs for cost in update.counted.values())
        cells = (*map(duration, times), count(macs))
        rows.append([escaped(update.method), *map(escaped, cells)])
    return _Table(["method", *map(phrases.phase, PHASES), "update", *floor, "multiply-adds"], rows)


def _final(row: Row, name: str, summary: Summary, board: Leaderboard) -> str:
    if name not in row.final and name in row.curves:
        return f"{NOTHING} (0 of {row.seeds.done} seeds)"
    alone = name == summary.judged and is_first_alone(board, row.method)
    return value(row.final.get(name), bold=alone)


def is_first_alone(board: Leaderboard, method: str) -> bool:
    """Whether the statistics put it first, and no other beside it."""
    place = board.places.get(method)
    return place is not None and place.of > 1 and place.first == place.last == 1


def _titled(summary: Summary, name: str) -> str:
    unit = summary.unit(name)
    return escaped(f"{name} ({unit})" if unit else name) + ARROWS[summary.better(name)]


def _seeds(row: Row) -> str:
    s = row.seeds
    lost = {"diverged": s.diverged, "failed": s.failed, "missing": s.missing}
    said = ", ".join(f"{n} {how}" for how, n in lost.items() if n)
    return f"{s.done} ({said})" if said else str(s.done)


def value(final: Interval | None, bold: bool = False) -> str:
    r"""``$2.25 \pm 0.03$``; the ends in brackets where the interval is not symmetric."""
    if final is None or not final.n:
        return NOTHING
    width = "" if final.equal else final.width
    mean, power = _split(final.mean_text)
    text = mean
    if width.startswith("± "):
        half, _ = _split(width.removeprefix("± "))
        text = rf"{mean} \pm {half.replace('<', '{<}')}"
    if power:
        text = rf"({text}) \times 10^{{{power}}}" if r"\pm" in text else _power(mean, power)
    number = rf"$\mathbf{{{text}}}$" if bold else f"${text}$"
    ends = re.fullmatch(r"\((\S+) to (\S+)\)", width)
    around = f" (${_end(ends[1])}$ to ${_end(ends[2])}$)" if ends else ""
    equal = f" on all {final.n} seeds" if final.equal else ""
    partial = f" ({final.n} of {final.of} seeds)" if final.partial else ""
    return number + around + equal + partial


def _split(text: str) -> tuple[str, str]:
    """A number and its power of ten; "" for none."""
    mantissa, _, power = text.partition("e")
    return mantissa, str(int(power)) if power else ""


def _end(text: str) -> str:
    mantissa, power = _split(text)
    return _power(mantissa, power) if power else mantissa


def _power(mantissa: str, power: str) -> str:
    return rf"{mantissa} \times 10^{{{power}}}"


def escaped(text: str) -> str:
    """A name as LaTeX prints it, on one line."""
    return "".join(SPECIAL.get(letter, letter) for letter in " ".join(text.split()))


def _line(cells: Iterable[str]) -> str:
    return " & ".join(cells) + r" \\"
