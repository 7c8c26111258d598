"""``ebmbench new``: a plugin to start from, made of the templates in ``templates/``."""

from __future__ import annotations

import re
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

import ebmbench
from ebmbench.errors import ConfigError, Problem, did_you_mean

if TYPE_CHECKING:
    from ebmbench.interfaces.installed.registry import Registry

NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")

PLACES = {
    "pyproject.toml.template": "pyproject.toml",
    "README.md.template": "README.md",
    "gitignore.template": ".gitignore",
    "workflow.yml.template": ".github/workflows/test.yml",
    "test_module.py.template": "tests/test_$module.py",
    "module.py.template": "$module.py",
    "suite.yaml.template": "suite.yaml",
}

TOLD = {
    "sampler": ("edit `particles`", "it against CD and PCD"),
    "model": ("edit `free_energy`, and what speeds it up", "it against the RBM"),
    "dataset": ("edit `load`", "what CD and PCD make of it"),
    "metric": ("edit `measure`", "it beside the likelihood, for CD and PCD"),
    "kernel": ("edit `sweep`", "it against the fastest kernel that is installed"),
}
"""What to edit, and what the suite shows."""

TAKEN = {*dir(ebmbench), "Field", "Tensor"}  # names that the templates use themselves


def new(
    family: Annotated[str, typer.Argument(help="sampler, model, dataset, metric or kernel")],
    name: Annotated[str, typer.Argument(help="The component's name: my-sampler")],
    folder: Annotated[
        Path | None, typer.Option(help="Where to write it; a folder of its name if left out")
    ] = None,
) -> None:
    """Write a plugin to start from: component, checks, suite, CI; it works as it stands."""
    from ebmbench.interfaces.installed.registry import Registry

    written = write_project(family, name, folder or Path(name), Registry.discover())
    print(next_steps(name, written))


def write_project(family: str, name: str, folder: Path, registry: Registry) -> list[Path]:
    """Write the project of a new component; its files, in the order to read them.

    Raises:
        ConfigError: no such family; the name will not do; the folder is there already.
    """
    _check(family, name, folder, registry)
    words = _words(family, name)
    written = []
    for source in _templates(family):
        place = folder / Template(PLACES[source.name]).substitute(words)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(Template(source.read_text("utf-8")).substitute(words), encoding="utf-8")
        written.append(place)
    return written


def next_steps(name: str, written: list[Path]) -> str:
    """What to do now."""
    folder = next(place.parent for place in written if place.name == "pyproject.toml")
    listed = "\n".join(f"  {place}" for place in written)
    return (
        f"Written:\n{listed}\nIt works as it stands. Next:\n  cd {folder}\n  pip install -e .\n"
        f"  ebmbench test {name}\n  ebmbench run suite.yaml --quick"
    )


def class_name_of(name: str) -> str:
    """my-sampler -> MySampler."""
    return "".join(word.capitalize() for word in name.split("-"))


def _words(family: str, name: str) -> dict[str, str]:
    """What the templates' placeholders stand for."""
    edit, contest = TOLD[family]
    return {
        "family": family,
        "name": name,
        "class_name": class_name_of(name),
        "distribution": f"ebmbench-{name}",
        "module": f"ebmbench_{name.replace('-', '_')}",
        "edit": edit,
        "contest": contest,
    }


def _templates(family: str) -> list[Traversable]:
    """The component first, then what goes around it."""
    room = files("ebmbench.commands") / "templates"
    found = {each.name: each for kind in (family, "every") for each in (room / kind).iterdir()}
    order = ("module.py.template", "suite.yaml.template", "test_module.py.template", *PLACES)
    return [found[each] for each in dict.fromkeys(order)]


def _check(family: str, name: str, folder: Path, registry: Registry) -> None:
    from ebmbench.interfaces.installed.registry import family_of

    known = family_of(family)
    if known is None or family not in TOLD:
        _refuse("FAMILY", f"no such family: '{family}'", did_you_mean(family, list(TOLD)))
    if not NAME.fullmatch(name):
        near = "-".join(re.findall(r"[a-z0-9]+", name.lower())).lstrip("-0123456789")
        remedy = "Use small letters, digits and single dashes, a letter first"
        _refuse("NAME", f"'{name}' will not do as a name", f"{remedy}: '{near or 'my-' + family}'.")
    if class_name_of(name) in TAKEN:
        problem = f"its class would be called {class_name_of(name)}, as one of ebmbench's own"
        _refuse("NAME", problem, f"Choose another name: 'my-{name}'.")
    entry = registry.get(known.plural, name)
    if entry is not None:
        problem = f"{entry.distribution} has a {family} '{name}' already"
        _refuse("NAME", problem, f"Choose another name: 'my-{name}'.")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        _refuse("--folder", f"{folder} exists and is not empty", "Name another with --folder.")


def _refuse(place: str, problem: str, remedy: str) -> NoReturn:
    raise ConfigError(Problem(place, "", problem, remedy))
