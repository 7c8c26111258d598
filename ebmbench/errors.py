"""What can go wrong, as a tree.

    EbmbenchError               anything ebmbench says about its input; never a traceback
    ├── ConfigError             a suite, a command line or a run folder is wrong (exit code 2)
    ├── DataError               a dataset's file is missing or wrong (exit code 2)
    ├── PluginError             a plugin cannot be used as it is (exit code 2)
    └── ComponentError          a component failed, in whatever way (recorded, or exit code 2)

    LeftOutWarning              something cannot be used and is left out; all else goes on

A :class:`ConfigError` carries :class:`Problem`\\ s, each a place, a problem and a remedy. All
problems of a suite are collected before the error is raised.
"""

from __future__ import annotations

import re
import traceback
import warnings
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any, NamedTuple

CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f"  # but for tabs and line ends
    r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # what turns the direction of writing
    r"\u2028\u2029\u200b-\u200d\u2060-\u2065\ufeff]"  # other line ends, and what has no width
)
"""What a reader does not see and a terminal obeys."""


LONGEST = 2000  # letters of a text of somebody else's error


class Problem(NamedTuple):
    """One thing that is wrong: where, what, and what to do about it."""

    place: str  # "suites/x.yaml:7:5"
    path: str  # "methods.CD-10.sampler.kk", or "" for the whole file
    problem: str
    remedy: str = ""

    def __str__(self) -> str:
        head = f"{self.place}: {self.path}: " if self.path else f"{self.place}: "
        end = "" if self.problem.endswith((".", "?")) else "."
        return f"{head}{self.problem}{end} {self.remedy}".rstrip()


class EbmbenchError(Exception):
    """The root of all errors that ebmbench raises on purpose."""


class ConfigError(EbmbenchError):
    """The input is wrong; ``problems`` says everything that is."""

    def __init__(self, problems: Problem | Sequence[Problem]) -> None:
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.problems,)


class DataError(EbmbenchError):
    """A dataset cannot be had: where it was looked for, what is wrong there, and what to do.

    Args:
        place: a file, with its row where one is wrong; a folder; or the dataset's name.
        problem: what is wrong, without a full stop.
        remedy: a sentence.
    """

    def __init__(self, place: str, problem: str, remedy: str = "") -> None:
        super().__init__(place, problem, remedy)  # all three, so that it can be pickled
        self.problem = f"{place}: {problem}"
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.problem}. {self.remedy}".rstrip()


class PluginError(EbmbenchError):
    """A plugin cannot be used: two owners of one name, a misspelt hook."""


class LeftOutWarning(UserWarning):
    """Something cannot be used and is left out: a :class:`Problem`, as text."""


def leave_out(problem: Problem) -> None:
    """Say that something is left out: a line in the terminal, a warning in Python."""
    warnings.warn(str(problem), LeftOutWarning, stacklevel=3)


class ComponentError(EbmbenchError):
    """A component's code failed, or tried to end the process.

    Args:
        who: the component as people call it, ``sampler 'cd'``; "" where nobody can say.
        why: what it did.
    """

    def __init__(self, who: str, why: str) -> None:
        super().__init__(who, why)  # both, so that it can be pickled
        self.who = who
        self.why = why

    def __str__(self) -> str:
        return f"{self.who}: {self.why}" if self.who else self.why


def reason(error: BaseException) -> str:
    """An error of somebody else's code, and the line that raised it, as one line.

    It never fails itself, whatever the error is.
    """
    if isinstance(error, ComponentError):
        return _text_of(error)
    lines = "".join(traceback.format_tb(error.__traceback__)).splitlines()
    where = [line.strip() for line in lines if line.strip().startswith("File ")]
    kind = _printable(type(error).__name__)
    return f"{kind}: {_text_of(error)}" + (f" ({_printable(where[-1])})" if where else "")


def _text_of(error: BaseException) -> str:
    """What an error says, as far as it can say it."""
    try:
        text = str(error)
        more = f" ... ({len(text) - LONGEST} letters more)" if len(text) > LONGEST else ""
        return _printable(text[:LONGEST]) + more
    except BaseException:  # a component's own: it may do anything
        return "what it says cannot be printed"


def _printable(text: str) -> str:
    """What no file can hold, such as half of a surrogate pair, and what is hidden, by its code."""
    whole = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), whole)


def did_you_mean(name: object, choices: Sequence[str]) -> str:
    """A remedy: the nearest of ``choices``, or all of them where none is near."""
    if not choices:
        return "There are none to choose from."
    lowered = {choice.lower(): choice for choice in choices}
    near = get_close_matches(str(name).lower(), list(lowered), n=1, cutoff=0.6)
    if near:
        return f"Did you mean '{lowered[near[0]]}'?"
    return "Choose from: " + ", ".join(sorted(choices)) + "."
