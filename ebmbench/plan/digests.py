"""What a cell's result depends on, as one digest: options, data files and source code.

Sources count where numbers pass through them: from a component's own module, and from the module
that trains or measures, along their imports, within the component's package, the packages of other
plugins, and the rooms :data:`ROOMS` of the harness. Nothing is listed by hand, and what nobody
imports changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from hashlib import file_digest, sha256
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from ebmbench.interfaces.choice import Choice
from ebmbench.interfaces.component import Component, Options
from ebmbench.interfaces.dataset import Dataset
from ebmbench.interfaces.registry import GROUP
from ebmbench.isolation.contained import contained
from ebmbench.plan.sources import essence, modules_from
from ebmbench.training.recipe import Recipe
from ebmbench.training.schedule import At

ROOMS = ("ebmbench.numerics", "ebmbench.interfaces", "ebmbench.training")
TRAINED, MEASURED = "ebmbench.training.train", "ebmbench.training.measure"


def digest_of(recipe: Recipe) -> str:
    """A digest of all that a result by this recipe depends on, the seed apart."""
    return sha256(json.dumps(description(recipe), sort_keys=True).encode()).hexdigest()


def description(recipe: Recipe) -> dict[str, Any]:
    """All that a result depends on, as plain data."""
    told = {
        "harness": source_digest(TRAINED if recipe.epochs else MEASURED),
        "dataset_name": recipe.dataset_name,
        "method_name": recipe.method_name,
        "dataset": _described(recipe.dataset),
        "files": [content_digest(file) for file in _files_of(recipe.dataset)],
        "model": _described(recipe.model),
        "sampler": _described(recipe.sampler),
        "kernel": recipe.kernel and _described(recipe.kernel),
        "metrics": [
            [each.name, _described(each.metric), _plain(each.at)] for each in recipe.metrics
        ],
        "epochs": recipe.epochs,
        "device": recipe.device,
    }
    if recipe.epochs:
        told["optimizer"] = recipe.optimizer.model_dump(mode="json")
        told["batch"] = recipe.batch.model_dump(mode="json")
    return told


def _files_of(dataset: Choice[Dataset]) -> Sequence[Path]:
    with contained(f"dataset '{dataset.name}'"):
        return list(dataset.build().files())


def source_digest(module: str) -> str:
    """A digest of the code of a module and of all that it imports, comments left out.

    Imports are followed within the module's own package, the packages of other plugins, and
    :data:`ROOMS`.
    """
    own = module.split(".")[0]
    return _digest(module, ROOMS if own == "ebmbench" else (own, *_plugins(), *ROOMS))


@cache
def _plugins() -> tuple[str, ...]:
    """The packages that bring plugins."""
    found = {point.module.split(".")[0] for point in entry_points(group=GROUP)}
    return tuple(sorted(found))


@cache
def _digest(module: str, within: tuple[str, ...]) -> str:
    digest = sha256()
    for name, file in sorted(modules_from(module, within).items()):
        digest.update(name.encode() + essence(file))
    return digest.hexdigest()[:16]


def content_digest(file: Path) -> str:
    """A digest of what is in a file, which is read again only after a change."""
    status = file.stat()
    return _content_digest(file, status.st_mtime_ns, status.st_size)


@cache
def _content_digest(file: Path, changed: int, size: int) -> str:
    with file.open("rb") as content:
        return file_digest(content, "sha256").hexdigest()[:16]


def _described(choice: Choice[Component]) -> dict[str, Any]:
    component = choice.component
    return {
        "name": component.name,
        "version": component.version,
        "options": choice.options.model_dump(mode="json"),
        "source": source_digest(component.__module__),
    }


def _plain(at: At) -> Any:
    return at.model_dump(mode="json") if isinstance(at, Options) else at
