"""What a cell's result depends on, as one digest: options, files and source code.

Sources count where numbers pass through them: from a component's own module and those of its base
classes, and from the module that trains or measures, along their imports, as far as
:mod:`ebmbench.plan.reach` says. So do the files that a component reads: those that it or its
options name, and those that lie in its package beside the code. Nothing is listed by hand, and code
that nobody imports changes nothing.

Where it is in doubt whether a result would be the same, it is another. Two kernels may give the
same spins, but a record also holds what an update took; and a metric measured at other epochs
leaves other curves. Only epochs that are the same, however they are written, are the same.
"""

from __future__ import annotations

import json
from functools import cache
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

from ebmbench.interfaces.choice import Choice
from ebmbench.interfaces.component import Component
from ebmbench.plan.files import data_files, files_of
from ebmbench.plan.reach import HARNESS, Reach, origins, reach_of
from ebmbench.plan.sources import essence, modules_from
from ebmbench.training.recipe import Recipe
from ebmbench.training.schedule import epochs_of

TRAINED, MEASURED = "ebmbench.training.train", "ebmbench.training.measure"


def digest_of(recipe: Recipe) -> str:
    """A digest of all that a result by this recipe depends on, the seed apart."""
    return sha256(json.dumps(description(recipe), sort_keys=True).encode()).hexdigest()


def description(recipe: Recipe) -> dict[str, Any]:
    """All that a result depends on, as plain data."""
    told = {
        "harness": _digest((TRAINED if recipe.epochs else MEASURED,), HARNESS),
        "dataset_name": recipe.dataset_name,
        "method_name": recipe.method_name,
        "dataset": _described(recipe.dataset),
        "model": _described(recipe.model),
        "sampler": _described(recipe.sampler),
        "kernel": recipe.kernel and _described(recipe.kernel),
        "metrics": [
            [each.name, _described(each.metric), sorted(epochs_of(each.at, recipe.epochs))]
            for each in recipe.metrics
        ],
        "epochs": recipe.epochs,
        "device": recipe.device,
    }
    if recipe.epochs:
        told["optimizer"] = recipe.optimizer.model_dump(mode="json")
        told["batch"] = recipe.batch.model_dump(mode="json")
    return told


def source_digest(component: type[Component]) -> str:
    """A digest of the code that a component runs, comments left out, and of its package's data."""
    modules = tuple(origins(component))
    digest = sha256(_digest(modules, reach_of(component)).encode())
    for file in data_files(modules):
        digest.update(file.name.encode() + content_digest(file).encode())
    return digest.hexdigest()[:16]


@cache
def _digest(modules: tuple[str, ...], within: Reach) -> str:
    """Of the code of some modules and of all that they import."""
    digest = sha256()
    for name, file in sorted(modules_from(modules, within).items()):
        digest.update(name.encode() + essence(file))
    return digest.hexdigest()[:16]


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
        return file_digest(content, "sha256").hexdigest()[:16]


def _described(choice: Choice[Component]) -> dict[str, Any]:
    component = choice.component
    return {
        "name": component.name,
        "version": component.version,
        "options": choice.options.model_dump(mode="json"),
        "files": [content_digest(file) for file in files_of(choice)],
        "source": source_digest(component),
    }
