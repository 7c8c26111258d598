"""Models whose parameters are the couplings of two layers of spins."""

from __future__ import annotations

from collections.abc import Iterator

import torch

from ebmbench.interfaces.model import Model
from ebmbench.numerics.two_layer import TwoLayer
from ebmbench.training.steps.misfit import Misfit


def not_couplings(model: Model, option: tuple[str, ...], biased: bool) -> Iterator[Misfit]:
    """Why the parameters of ``model`` are not W, a and b, or W alone, of two layers of spins.

    Args:
        option: that asks for it.
        biased: whether there have to be biases.
    """
    called = f"the model '{model.name}'"
    if not isinstance(model, TwoLayer) or not _are_its_parameters(model):
        problem = f"{called} is no two layers of spins with W, a and b for its parameters"
        yield Misfit(option, problem, "Take another model, or leave this out.")
    elif biased and len(list(model.parameters())) < 3:
        problem = f"{called} lacks biases a or b, without which it would become another model"
        yield Misfit(option, problem, "Give it biases (of an rbm: bias: true), or leave this out.")


def _are_its_parameters(model: Model) -> bool:
    """Whether the parameters are the couplings themselves, in their order."""
    assert isinstance(model, TwoLayer)
    with torch.no_grad():
        couplings = [each for each in model.couplings() if each is not None]
    parameters = list(model.parameters())
    return len(couplings) == len(parameters) and all(
        mine is its for mine, its in zip(parameters, couplings, strict=True)
    )
