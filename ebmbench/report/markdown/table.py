"""Markdown's tables and lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil

from ebmbench.report.markdown.escape import escaped, inline

STEP = 6  # letters


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table whose source is aligned, too; cells are inline but for ``Markup``.

    Widths of columns are multiples of :data:`STEP`: where a number gets a digit more, the other
    lines mostly stay as they are.
    """
    cells = [[inline(cell).replace("|", "\\|") for cell in line] for line in (head, *rows)]
    widths = [
        STEP * ceil(max(map(len, column)) / STEP) or STEP for column in zip(*cells, strict=True)
    ]
    lines = ["| " + " | ".join(map(str.ljust, line, widths)) + " |" for line in cells]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])


def listed(title: str, lines: Sequence[str]) -> list[str]:
    """A section that is a list; nothing where there is nothing to list."""
    return [f"## {title}", "\n".join(f"- {escaped(line)}" for line in lines)] if lines else []
