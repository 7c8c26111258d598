"""Texts of people, such as names, in Markdown: shown as written, marking nothing up."""

from __future__ import annotations

import re

# What acts wherever it stands. Brackets alone do not.
ACTS = re.compile(
    r"[\\`*]"  # code, emphasis, escapes
    r"|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])"  # emphasis, not within a word
    r"|<(?=[A-Za-z/!?])|&(?=[#A-Za-z])"  # tags, entities
    r"|(?<=\])[(\[:]"  # the second half of a link, or of what a link refers to
    r"|~(?!\d)|(?<=[^\s(])~"  # strikes; ~5 is a number
    r"|(?<=[A-Za-z]):(?=//)|(?<=[Ww]{3})\."  # addresses
)
ACTS_IN_BRACKETS = re.compile(rf"{ACTS.pattern}|[\[\]$]")
# What GitHub looks for in a finished page, where a backslash is gone: formulas, people, issues,
# emoji. It finds nothing across tags.
ACTS_LATER = re.compile(r"\$|@(?=\w)|#(?=\d)|:(?=(?:[\w+-]*[A-Za-z][\w+-]*|100|1234|[+-]1):)")
# What begins a quotation, a heading, a list or a rule.
AT_THE_START = re.compile(r"^(>|[#+=-]+(?:\s|$))|^(\d+)([.)](?:\s|$))")


class Markup(str):
    """Text that is Markdown already."""

    __slots__ = ()


def escaped(text: str) -> str:
    """The text so that Markdown shows it as it is, on one line; ``Markup`` stays as it is."""
    return text if isinstance(text, Markup) else AT_THE_START.sub(_with_a_backslash, inline(text))


def inline(text: str) -> str:
    """The same where no line begins, as in a table's cell."""
    if isinstance(text, Markup):
        return text
    return ACTS_LATER.sub(_by_itself, _on_a_line(text))


def alternative(text: str) -> str:
    """The same in a picture's alternative text, between its brackets, which no tag stands in."""
    return _on_a_line(text, ACTS_IN_BRACKETS)


def _on_a_line(text: str, acts: re.Pattern[str] = ACTS) -> str:
    return acts.sub(lambda found: "\\" + found[0], " ".join(text.split("\n")))


def _by_itself(found: re.Match[str]) -> str:
    letter = "\\$" if found[0] == "$" else found[0]  # notebooks look for formulas before tags
    return f"<span>{letter}</span>"


def _with_a_backslash(found: re.Match[str]) -> str:
    mark, digits, dot = found.groups(default="")
    return f"{digits}\\{mark}{dot}"


def bold(text: str) -> Markup:
    """In bold."""
    return Markup(f"**{inline(text)}**")


def code(text: str) -> Markup:
    """As code, fenced by more backticks than it holds."""
    most = max((len(run) for run in re.findall("`+", text)), default=0)
    fence, pad = "`" * (most + 1), " " if most else ""
    return Markup(f"{fence}{pad}{' '.join(text.split(chr(10)))}{pad}{fence}")
