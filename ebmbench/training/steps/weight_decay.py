"""Weight decay that differs from parameter to parameter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import Field

from ebmbench.errors import did_you_mean
from ebmbench.interfaces.model import Model
from ebmbench.training.steps.bounds import LARGEST
from ebmbench.training.steps.misfit import Misfit

Decay = Annotated[float, Field(ge=0, le=LARGEST)]
WeightDecay = Decay | dict[str, Decay]
"""One for all parameters, or by their names: those that are not named do not decay."""


def decays_of(weight_decay: WeightDecay | None, model: Model) -> tuple[float, ...] | None:
    """Each parameter's own; None where all decay alike."""
    if not isinstance(weight_decay, Mapping):
        return None
    return tuple(weight_decay.get(name, 0.0) for name, _ in model.named_parameters())


def unknown_names(weight_decay: WeightDecay | None, model: Model) -> Iterator[Misfit]:
    """What is to decay and is no parameter of the model."""
    names = [name for name, _ in model.named_parameters()]
    for name in weight_decay if isinstance(weight_decay, Mapping) else ():
        if name not in names:
            problem = f"the model '{model.name}' has no parameter '{name}'"
            yield Misfit(("weight_decay", name), problem, did_you_mean(name, names))
