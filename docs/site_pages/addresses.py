"""Where files of the repository stand on the site, and where links from its pages lead.

Pages are written so that their links work on a code host. There ``docs/`` and ``reports/`` lie side
by side; on the site ``docs/`` is the root. What pages link to besides is shown below ``source/``.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from pathlib import Path

CODE = {".py": "python", ".yaml": "yaml", ".toml": "toml", ".cff": "yaml", ".sh": "bash"}
"""Files that are shown as a page: suffix -> language."""

LINK = re.compile(r"(!?\[[^\]\[]*\])\(([^)\s]+)\)")
LITERAL = re.compile(r"(^(?:```|~~~).*?^(?:```|~~~)|`[^`\n]*`)", re.S | re.M)


def site_name(path: str) -> str:
    """Where a file of the repository stands among the sources of the site."""
    kept = path if path.startswith("reports/") else f"source/{path}"
    name = path.removeprefix("docs/") if path.startswith("docs/") else kept
    return f"{name}.md" if Path(path).suffix in CODE or path == "LICENSE" else name


def repository_name(name: str) -> str:
    """The file of the repository behind a source of the site."""
    if name.startswith("source/"):
        return name.removeprefix("source/")
    return name if name.startswith("reports/") else f"docs/{name}"


def linked(text: str, path: str, root: Path) -> Iterator[str]:
    """The files of the repository that a document links to; ``path`` is where it stands itself."""
    for piece in LITERAL.split(text)[::2]:
        for _, address in LINK.findall(piece):
            target = _target(address, posixpath.dirname(path))
            if target and (root / target).is_file():
                yield target


def relinked(text: str, name: str, is_page: Callable[[str], bool], root: Path) -> str:
    """The document with links that lead where their targets stand on the site.

    A link to a folder becomes plain text.

    Args:
        text: Markdown.
        name: of its source on the site.
        is_page: whether a source of that name is on the site.
        root: the repository.
    """

    def changed(found: re.Match[str]) -> str:
        words, address = found.groups()
        path, mark, anchor = address.partition("#")
        here = posixpath.dirname(name)
        if not path or ":" in path or is_page(posixpath.normpath(posixpath.join(here, path))):
            return found[0]
        target = _target(address, posixpath.dirname(repository_name(name)))
        if target and (root / target).is_dir():
            return words[1:-1]
        there = site_name(target) if target else path
        return f"{words}({posixpath.relpath(there, here or '.')}{mark}{anchor})"

    pieces = LITERAL.split(text)
    pieces[::2] = [LINK.sub(changed, piece) for piece in pieces[::2]]
    return "".join(pieces)


def _target(address: str, folder: str) -> str:
    """A path in the repository; "" for another page's or host's."""
    path = address.partition("#")[0]
    if not path or ":" in path:
        return ""
    found = posixpath.normpath(posixpath.join(folder, path))
    return "" if found.startswith("..") else found
