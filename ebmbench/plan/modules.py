"""Where the code of a module is. Nothing is imported to find it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path

CODE = {".py", ".so", ".pyd"}
NO_CODE = {"__pycache__", "site-packages", "dist-packages", "node_modules"}


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


@cache
def modules_of(package: str) -> tuple[str, ...]:
    """All modules that lie in an outermost package, it included; of a module by itself, that one.

    Also what Python would not import but could run: scripts in folders that are no packages.
    """
    homes = list(map(Path, _homes(package)))
    within = (_name_of(file.relative_to(home)) for home in homes for file in _code_in(home))
    return package, *sorted({f"{package}.{name}" for name in within if name})


def _homes(package: str) -> Iterable[str]:
    spec = _spec(package)
    if spec is not None:
        return spec.submodule_search_locations or ()
    return getattr(sys.modules.get(package), "__path__", ())


def _code_in(home: Path) -> Iterator[Path]:
    """The files of code in a folder, but for those of an environment that lies in it."""
    for folder, inner, files in os.walk(home):
        inner[:] = [each for each in inner if not (each.startswith(".") or each in NO_CODE)]
        yield from (Path(folder, file) for file in files if Path(file).suffix in CODE)


def _name_of(file: Path) -> str:
    """``folder/module.py`` -> ``folder.module``; of a folder's ``__init__.py``, the folder's."""
    name = file.name.split(".")[0]
    return ".".join([*file.parent.parts, *([] if name == "__init__" else [name])])


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
