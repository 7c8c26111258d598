"""An optimiser whose step is compiled: SGD or Adam, on the CPU."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ebmbench.numerics.phases import Phase
from ebmbench.numerics.threads import cut, in_parallel, thread_count
from ebmbench.numerics.updates.steps import Numbers, adam_numbers, sgd_numbers, take_step
from ebmbench.numerics.updates.whole_update import Moments

PIECE = 1 << 16  # numbers below which a second thread does not pay
SGD_OPTIONS = {"momentum", "dampening", "weight_decay", "nesterov"}
ADAM_OPTIONS = {"betas", "eps", "weight_decay"}


class CompiledStep:
    """Steps parameters by :func:`ebmbench.numerics.updates.steps.take_step`.

    Args:
        name, arguments: of torch's class.
        parameters: stepped in place.
        weight_decays: of each of them, in place of the one among the arguments.

    Attributes:
        moments: what is remembered of each parameter, two tensors of its shape; empty ones where
            nothing is.
    """

    def __init__(
        self,
        name: str,
        arguments: Mapping[str, Any],
        parameters: Sequence[Tensor],
        weight_decays: Sequence[float] | None = None,
    ) -> None:
        self.is_adam, self.arguments = name == "adam", dict(arguments)
        self.parameters = tuple(parameters)
        for_all = self.arguments.pop("weight_decay", 0.0)
        self.weight_decays = tuple(weight_decays or [for_all] * len(self.parameters))
        remembers = self.is_adam or bool(arguments.get("momentum"))
        self.moments: Moments = tuple(
            (torch.zeros_like(each), torch.zeros_like(each))
            if remembers
            else (each.new_empty(0), each.new_empty(0))
            for each in (parameter.detach() for parameter in parameters)
        )
        self.count = 0

    @staticmethod
    def takes(name: str, arguments: Mapping[str, Any], parameters: Sequence[Tensor]) -> bool:
        """Whether this optimiser with these options can step these parameters."""
        known = {"sgd": SGD_OPTIONS, "adam": ADAM_OPTIONS}.get(name)
        return known is not None and arguments.keys() <= known and all(map(fits, parameters))

    def next_numbers(self, lr: float, corrected_as: int | None) -> Numbers:
        """Of the next step; Adam corrects its biases as of so many, or of as many as there are."""
        self.count += 1
        if self.is_adam:
            count = corrected_as or self.count
            return adam_numbers(lr, count, self.weight_decays, **self.arguments)
        return sgd_numbers(lr, self.count == 1, self.weight_decays, **self.arguments)

    def step(self, data: Phase, negative: Phase, numbers: Numbers) -> None:
        """Step all parameters along their two phases, each of a parameter's shape."""
        each_ones = zip(self.parameters, data, negative, self.moments, numbers, strict=True)
        for x, d, n, moments, row in each_ones:
            arrays = [flat(each) for each in (x, d, n, *moments)]
            pieces = min(thread_count(), 1 + len(arrays[0]) // PIECE)
            if pieces == 1:  # what is around a small step must not outweigh it
                take_step(*arrays, row)
                continue
            in_parallel(
                [
                    partial(take_step, *(each[part.start : part.stop] for each in arrays), row)
                    for part in cut(len(arrays[0]), pieces)
                ]
            )


def flat(tensor: Tensor) -> NDArray[np.float32]:
    """A tensor's numbers in a row, the tensor's own memory where they lie so."""
    numbers: NDArray[np.float32] = (tensor.detach() if tensor.requires_grad else tensor).numpy()
    return numbers.reshape(-1)


def fits(parameter: Tensor) -> bool:
    """Whether a parameter can be stepped so."""
    here = parameter.device.type == "cpu" and parameter.dtype == torch.float32
    return here and parameter.is_contiguous()
