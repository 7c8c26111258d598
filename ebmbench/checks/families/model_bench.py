"""A model of some options, rows of its units, and F: what the checks of models look at."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from ebmbench.checks.examples import Example
from ebmbench.checks.failure import NotApplicable
from ebmbench.checks.model_cases import CPU, V, move
from ebmbench.checks.oracle.enumeration import device_of
from ebmbench.interfaces.model import Model, Moment
from ebmbench.numerics.noise import Noise
from ebmbench.numerics.units.units import Units

SEEDS = (3, 7, 11)
ROWS = 13
CLOSE = 2e-4  # of numbers of size 1, in float32
END = Moment(epoch=1, update=1, epoch_ends=True)


def made(
    example: Example,
    seeds: Sequence[int] = SEEDS,
    visible: int = V,
    device: torch.device = CPU,
    moved: bool = True,
) -> Model:
    """The model, its parameters moved off where they start: many start at zero."""
    noise = Noise(seeds, "init", device=device)
    model: Model = example.build(units_of(example).suited(visible), noise)
    if moved:
        move(model, noise)
    return model


def rows(model: Model, seeds: Sequence[int] = SEEDS) -> Tensor:
    """Random rows of the model's units (R, ROWS, V)."""
    noise = Noise(seeds, "rows", device=device_of(model))
    return model.units.random(ROWS, model.visible, noise)


def units_of(example: Example) -> Units:
    """What the visible units of the example's model are."""
    component = example.component
    assert issubclass(component, Model)
    return component.units_of(example.options)


def free_energy(model: Model, v: Tensor) -> Tensor:
    """F(v).

    Raises:
        NotApplicable: the model has none with these options, and says so.
    """
    try:
        return model.free_energy(v)
    except ValueError as error:
        raise NotApplicable(str(error)) from error
