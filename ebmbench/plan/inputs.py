"""What a cell's result depends on: names, options, files and source code, as plain data.

Where it is in doubt whether a result would be the same, it is another. Two kernels may give the
same spins, but a record also holds what an update took; and a metric measured at other epochs
leaves other curves. Only epochs that are the same, however they are written, are the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from ebmbench.interfaces.choice import Choice
from ebmbench.interfaces.component import Component
from ebmbench.plan.digests import code_from, component_code, file_digests
from ebmbench.plan.files import files_of
from ebmbench.plan.reach import HARNESS
from ebmbench.training.recipe import Recipe
from ebmbench.training.schedule import At, epochs_of

TRAINED, MEASURED = "ebmbench.training.train", "ebmbench.training.measure"

Inputs = Mapping[str, Any]
"""All that a result depends on but the seed, as JSON has it."""


def digest_of(inputs: Inputs) -> str:
    """A digest of all that a result depends on, the seed apart."""
    return sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()


def inputs_of(recipe: Recipe) -> Inputs:
    """All that a result by this recipe depends on."""
    parts = {
        "dataset": recipe.dataset,
        "model": recipe.model,
        "sampler": recipe.sampler,
        **({"kernel": recipe.kernel} if recipe.kernel else {}),
    }
    told: dict[str, Any] = {
        "dataset_name": recipe.dataset_name,
        "method_name": recipe.method_name,
        **{part: component_inputs(choice) for part, choice in parts.items()},
        "metrics": {
            each.name: {
                **component_inputs(each.metric),
                "epochs": _moments(each.at, recipe),
            }
            for each in recipe.metrics
        },
        "epochs": recipe.epochs,
        "device": recipe.device,
        "code": _code([*parts.values(), *(each.metric for each in recipe.metrics)], recipe.epochs),
    }
    more = {
        "updates": recipe.updates,
        "seconds": recipe.seconds,
        "held_out": recipe.held_out or None,
    }
    told |= {what: number for what, number in more.items() if number is not None}
    if recipe.epochs:
        told["optimizer"] = recipe.optimizer.model_dump(mode="json", exclude_none=True)
        told["batch"] = recipe.batch.model_dump(mode="json")
    return told


def _moments(at: At, recipe: Recipe) -> Any:
    """Epochs at which something is measured; what is said of them, where the last is not known."""
    if recipe.seconds is None:
        return sorted(epochs_of(at, recipe.epochs))
    return at if isinstance(at, str) else at.model_dump(mode="json")


def component_inputs(choice: Choice[Component]) -> dict[str, Any]:
    """What depends on a component's choice, its code apart."""
    return {
        "name": choice.name,
        "version": choice.component.version,
        "options": choice.options.model_dump(mode="json"),
        "files": file_digests((file.name, file) for file in files_of(choice)),
    }


def _code(choices: Iterable[Choice[Component]], epochs: int) -> dict[str, str]:
    """Digests of all code that is run, and of the data beside it."""
    found = dict(code_from((TRAINED if epochs else MEASURED,), HARNESS))
    for choice in choices:
        found |= component_code(choice.component)
    return found
