"""The files that a component reads: what is in them is part of a result."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from ebmbench.interfaces.choice import Choice
from ebmbench.interfaces.citations import FILE
from ebmbench.interfaces.component import Component
from ebmbench.interfaces.dataset import Dataset
from ebmbench.interfaces.installed.registry import FAMILIES
from ebmbench.isolation.contained import contained
from ebmbench.plan.modules import file_of

CODE = {".py", ".pyi", ".pyc"}  # told by their imports


def files_of(choice: Choice[Component]) -> list[Path]:
    """The files that a component says it reads, and those that its options name.

    Raises:
        ComponentError: the component cannot say.
    """
    with contained(f"{_kind_of(choice.component)} '{choice.name}'"):
        said = [Path(file) for file in _asked(choice).files()]
    named = (Path(text) for text in _texts(choice.options.model_dump()))
    found = dict.fromkeys([*said, *(each.expanduser() for each in named if _is_file(each))])
    return list(found)


def _kind_of(component: type[Component]) -> str:
    """``sampler``, ``dataset`` and so on."""
    known = (each for each in FAMILIES.values() if issubclass(component, each.interface))
    return next(known).singular


def _asked(choice: Choice[Component]) -> Component:
    """The component with its options alone: a model's constructor would draw its weights."""
    if issubclass(choice.component, Dataset):
        return choice.build()
    asked = choice.component.__new__(choice.component)
    asked.options = choice.options
    return asked


@cache
def data_files(origins: tuple[str, ...]) -> tuple[tuple[str, Path], ...]:
    """What lies beside the code in the packages of a component's modules and of its bases'.

    With the path within the package, ``package/folder/file``. What is cited is no part of a result.
    """
    modules = (each for each in origins if each.split(".")[0] != "ebmbench")
    files = (file for each in modules if (file := file_of(each)) and _is_in_a_package(each, file))
    return tuple(
        (each.relative_to(folder.parent).as_posix(), each)
        for folder in _packages_of(files)
        for each in sorted(_data_in(folder))
    )


def _is_in_a_package(module: str, file: Path) -> bool:
    """A module by itself may lie in anything, such as a project with its runs."""
    return "." in module or file.name == "__init__.py"


def _packages_of(files: Iterator[Path]) -> list[Path]:
    """The outermost folders of the packages that files lie in, for those that lie in one."""
    roots = {Path(each).resolve() for each in sys.path}
    folders = dict.fromkeys(_outermost_folder(file.resolve()) for file in files)
    return [folder for folder in folders if folder not in roots]


def _outermost_folder(file: Path) -> Path:
    folder = file.parent
    while (folder.parent / "__init__.py").is_file():
        folder = folder.parent
    return folder


def _data_in(folder: Path) -> Iterator[Path]:
    for file in folder.rglob("*"):
        inner = file.relative_to(folder).parts
        hidden = any(part.startswith(".") or part == "__pycache__" for part in inner)
        if not hidden and file.suffix not in CODE and file.name != FILE and file.is_file():
            yield file


def _texts(value: Any) -> Iterator[str | Path]:
    """All texts in options, nested ones too: any of them may name a file."""
    if isinstance(value, str | Path):
        yield value
    elif isinstance(value, dict):
        yield from (text for each in value.values() for text in _texts(each))
    elif isinstance(value, list | tuple | set | frozenset):
        yield from (text for each in value for text in _texts(each))


def _is_file(path: Path) -> bool:
    try:
        return path.expanduser().is_file()
    except (OSError, RuntimeError, ValueError):  # too long for a name; no such user's home
        return False
