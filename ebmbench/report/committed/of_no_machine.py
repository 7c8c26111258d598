"""What is stored of a run without what only its machine knows: folders, workers, addresses."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from ebmbench.journal.documents import Document, RunDocument

D = TypeVar("D", bound=Document)

# Options of ``ebmbench run`` that change no number.
WITH_A_VALUE = frozenset(
    (
        *("--runs", "--jobs", "--executor", "--executor-option", "--scheduler"),
        *("--time-limit", "--checkpoint-every", "--shard", "--force-method"),
    )
)
WITHOUT = frozenset(("--force", "--retry-failed", "--json"))

# An absolute path, of two names at least: what a/b and https://a/b hold is none.
PATH = re.compile(r"(?<![\w.~:/\\…-])(?:/[\w.@+~-]+){2,}/?|\b[A-Za-z]:(?:\\[\w.@+~ -]+)+")


def of_no_machine(document: D, here: Path) -> D:
    """The document with no absolute path in any of its texts.

    A path below ``here`` becomes a relative one; of another one its last name stays.

    Args:
        document: a run's description, or a cell's record.
        here: an absolute folder.
    """
    stored = json.loads(document.model_dump_json())
    asked = (
        {"command": plain_command(document.command)} if isinstance(document, RunDocument) else {}
    )
    plain = _plain({**stored, **asked}, here)
    return document if plain == stored else type(document).model_validate_json(json.dumps(plain))


def plain_command(command: str) -> str:
    """A command line without options that change no number."""
    try:
        words = shlex.split(command)
    except ValueError:  # no command line, such as a call in Python
        return command
    return shlex.join(_kept(words)) if "run" in words[:2] else command


def _kept(words: Sequence[str]) -> Iterator[str]:
    rest = iter(words)
    for word in rest:
        name, _, value = word.partition("=")
        if name in WITH_A_VALUE:
            if not value:
                next(rest, None)
        elif name not in WITHOUT:
            yield word


def _plain(stored: Any, here: Path) -> Any:
    if isinstance(stored, str):
        return PATH.sub(lambda found: _shortened(found[0], here), stored)
    if isinstance(stored, list):
        return [_plain(each, here) for each in stored]
    if isinstance(stored, dict):
        return {key: _plain(value, here) for key, value in stored.items()}
    return stored


def _shortened(path: str, here: Path) -> str:
    below = f"{here}/"
    if path.startswith(below):
        return path.removeprefix(below)
    return "…/" + re.split(r"[/\\]", path.rstrip("/\\"))[-1]
