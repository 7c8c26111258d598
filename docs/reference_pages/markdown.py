"""Text of docstrings and tables as Markdown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from textwrap import dedent

SPECIAL = str.maketrans({mark: f"\\{mark}" for mark in "\\*_[]"} | {"<": "&lt;", ">": "&gt;"})
PLAIN = re.compile(r"[^\w\s.,:/()=+-]|_")  # all other marks, and ``_``
NAME = re.compile(r"[\w.,:/()=+\-<> ]+", re.ASCII)  # as code it needs nothing more
TURNING = frozenset(("R", "AL", "RLE", "RLO", "RLI", "LRE", "LRO", "LRI", "FSI"))
CODE = re.compile(r"(``.+?``|`[^`\n]+`)", re.DOTALL)
STRONG = re.compile(
    r"(?<!\S)\\\*\\\*(\S(?:[^*]*?\S)?)\\\*\\\*(?=[\s.,:;)]|$)"
)  # as docstrings have it
ROLE = re.compile(r":(?:class|func|meth|mod|data):`[~.]?([^`]+)`")
DEFINITIONS = re.compile(r"^(Args|Attributes|Returns|Raises|Parts):\n((?:    .*\n?|\n)+)", re.M)


def prose(text: str) -> str:
    """A docstring without its margin; formulas are not taken for Markdown, code stays."""
    text = ROLE.sub(r"``\1``", text).replace("::\n", ":\n")
    text = DEFINITIONS.sub(lambda found: _definitions(*found.groups()), text + "\n")
    blocks = re.split(r"\n{2,}", text.strip("\n"))
    return "\n\n".join(_as_code(b) if _is_code(b) else _in_words(b) for b in blocks)


def escaped(text: str) -> str:
    """Text outside backticks with what Markdown would take for its own marked as text."""
    parts = CODE.split(text)
    return "".join(p if i % 2 else p.translate(SPECIAL) for i, p in enumerate(parts))


def literal(text: object) -> str:
    """A name from a report: whatever it holds, it is read as text, and in its own direction.

    Entities stand for all that Markdown, its extensions or HTML would take for their own.
    """
    said = " ".join(str(text).split())
    safe = PLAIN.sub(lambda mark: f"&#{ord(mark[0])};", said)
    turns = any(unicodedata.bidirectional(letter) in TURNING for letter in said)
    return f"<bdi>{safe}</bdi>" if turns else safe


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; cells are Markdown already."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines)


def code(text: object) -> str:
    """As code; nothing for nothing."""
    if not str(text):
        return ""
    return f"`{text}`" if NAME.fullmatch(str(text)) else f"<code>{literal(text)}</code>"


def _cell(text: str) -> str:
    """On one line; a bar in prose does not end the cell, in code it never does."""
    parts = CODE.split(" ".join(text.split()))
    return "".join(p if i % 2 else p.replace("|", "&#124;") for i, p in enumerate(parts))


def _in_words(block: str) -> str:
    """A paragraph; what is between double stars is in bold there, too."""
    return STRONG.sub(r"**\1**", escaped(block))


def _is_code(block: str) -> bool:
    return block.startswith("    ")


def _as_code(block: str) -> str:
    """An indented block as it stands; backticks around a name say nothing there."""
    return block.replace("``", "")


def _definitions(title: str, body: str) -> str:
    """``Args:`` and the like as a list, an entry a line."""
    entries = re.split(r"\n(?=\S)", dedent(body))
    listed = "\n".join("- " + " ".join(entry.split()) for entry in entries)
    return f"{title}:\n\n{listed}\n\n"
