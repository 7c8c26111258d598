"""Where the code of a module is. Nothing is imported to find it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path


@cache
def file_of(module: str) -> Path | None:
    """Where a module's code is; None where there is no such file."""
    return next(_found(module), None) or _loaded(module)


def places_of(package: str) -> Iterator[Path]:
    """The file, or the folders, of an outermost package or module."""
    spec = _spec(package)
    if spec is not None and spec.origin and Path(spec.origin).exists():
        yield Path(spec.origin)
    for home in (spec and spec.submodule_search_locations) or ():
        if Path(home).exists():
            yield Path(home)


def _found(module: str) -> Iterator[Path]:
    package, *inner = module.split(".")
    spec = _spec(package)
    if spec is None:
        return
    if not inner:
        yield from _files(Path(spec.origin)) if spec.origin else ()
        return
    homes = map(Path, spec.submodule_search_locations or ())  # several, of a namespace package
    for home in homes:
        yield from _files(home.joinpath(*inner))


def _spec(package: str) -> ModuleSpec | None:
    try:
        return find_spec(package) if package else None
    except (ImportError, ValueError):  # a module that was made, not found
        return None


def _loaded(module: str) -> Path | None:
    """The file that a module was loaded from: by a finder of its own, or out of an archive."""
    origin = getattr(sys.modules.get(module), "__file__", None)
    if not isinstance(origin, str):
        return None
    return next((each for each in (Path(origin), *Path(origin).parents) if each.is_file()), None)


def _files(place: Path) -> Iterator[Path]:
    """The files that a module at a place may have."""
    compiled = sorted(place.parent.glob(f"{place.name}.*.so"))
    candidates = (place, place.with_suffix(".py"), place / "__init__.py", *compiled)
    return (each for each in candidates if each.is_file())
