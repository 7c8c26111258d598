"""Digests of the code that components run and of the files that they read.

Sources count where numbers pass through them: from a component's own module and those of its base
classes, and from the module that trains or measures, along their imports, as far as
:mod:`ebmbench.plan.reach` says. So do the files that lie in its package beside the code. Nothing is
listed by hand, and code that nobody imports changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from hashlib import file_digest, sha256
from pathlib import Path

from ebmbench.interfaces.component import Component
from ebmbench.plan.files import data_files
from ebmbench.plan.reach import Reach, origins, reach_of
from ebmbench.plan.sources import essence, modules_from

LENGTH = 16  # hexadecimal digits that are kept of a digest


def component_code(component: type[Component]) -> dict[str, str]:
    """Digests of the modules that a component runs, comments left out, and of its package's data.

    By dotted name, and by the data's path within the package.
    """
    modules = tuple(origins(component))
    return {**code_from(modules, reach_of(component)), **file_digests(data_files(modules))}


@cache
def code_from(modules: tuple[str, ...], within: Reach) -> Mapping[str, str]:
    """Digests of some modules and of all that they import, by dotted name."""
    found = modules_from(modules, within)
    return {name: essence(found[name]).hex()[:LENGTH] for name in sorted(found)}


def file_digests(files: Iterable[tuple[str, Path]]) -> dict[str, str]:
    """Digests of what is in files, by the names given; files of one name share a digest."""
    found: dict[str, str] = {}
    for name, file in files:
        digest = content_digest(file)
        found[name] = _digest(found[name] + digest) if name in found else digest
    return found


def content_digest(file: Path) -> str:
    """A digest of what is in a file, which is read again only after a change; "" without one."""
    try:
        status = file.stat()
        return _content_digest(file, status.st_mtime_ns, status.st_size)
    except OSError:  # not there, or not to be read: for the component to say when it needs it
        return ""


@cache
def _content_digest(file: Path, changed: int, size: int) -> str:
    with file.open("rb") as content:
        return file_digest(content, "sha256").hexdigest()[:LENGTH]


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:LENGTH]
