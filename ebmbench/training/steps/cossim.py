"""A step whose rate follows the cosine of one gradient with the next."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor


class CosSim(torch.optim.Optimizer):
    """w <- w - eta g, where eta grows while gradients agree: eta *= 1 + delta sign(g . g_before).

    A rate eta for each replica and each parameter array, which begins at ``lr`` and never exceeds
    ``max_lr``; delta is small, so that it takes hundreds of updates to tell. Where one gradient
    leads back what the last one did, the rate falls. Batches of an epoch, none of whose rows comes
    twice, are a little anticorrelated, which lowers rates too: prefer many rows to few batches.

    Source: the optimiser of Bereux, Decelle, Furtlehner and Seoane 2026, as the package rbms has
    it, which has one rate for all parameters; one for each array as in RestrictedBoltzmannMachines.
    """

    cites = ("bereux2026",)

    def __init__(
        self, params: Iterable[Tensor], lr: float, max_lr: float = 0.1, delta: float = 0.002
    ) -> None:
        if not max_lr > 0:
            raise ValueError(f"max_lr: {max_lr}: should be above 0")
        if lr > max_lr:
            raise ValueError(f"lr: {lr}: should not be above max_lr, {max_lr}")
        if not 0 <= delta < 1:
            raise ValueError(f"delta: {delta}: should be from 0 to below 1")
        super().__init__(params, {"lr": lr, "max_lr": max_lr, "delta": delta})

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> None:  # type: ignore[override]
        """Step all parameters along their ``grad``."""
        for group in self.param_groups:
            for parameter in group["params"]:
                self._step(parameter, group)

    def _step(self, parameter: Tensor, group: dict[str, Any]) -> None:
        g, state = parameter.grad, self.state[parameter]
        assert g is not None
        per_replica = (len(parameter), *[1] * (parameter.dim() - 1))
        if not state:
            state["before"] = torch.zeros_like(parameter)
            state["rate"] = parameter.new_full(per_replica, group["lr"])
        agreement = (
            (g * state["before"]).reshape(len(parameter), -1).sum(1).sign().view(per_replica)
        )
        rate = state["rate"] * (1 + group["delta"] * agreement)
        state["rate"].copy_(rate.clamp(max=group["max_lr"]))
        state["before"].copy_(g)
        parameter -= state["rate"] * g
