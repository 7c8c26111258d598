"""The centred gradient."""

from __future__ import annotations

from typing import Annotated, Any, Literal, cast

import torch
from pydantic import Field
from torch import Tensor

from ebmbench.interfaces.component import Options
from ebmbench.interfaces.cost import Cost
from ebmbench.interfaces.model import Model
from ebmbench.numerics.phases import Phase
from ebmbench.training.steps.change import Change, Taken

SHARES = {"data": 1.0, "average": 0.5, "model": 0.0}  # of the data phase, in the means


class CentredOptions(Options):
    """The gradient of the same model with its units counted from offsets, near their means."""

    name: Literal["centred"] = Field(description="centred")
    offsets: Literal["data", "average", "model"] | Annotated[float, Field(ge=-1, le=1)] = Field(
        "data",
        description="The means that offsets follow: in the data phase, in the negative phase, or "
        "half of each (average, which is the enhanced gradient); or a number from -1 to 1 for all "
        "of them, at which they stay: -1 is the plain gradient of units 0 and 1",
    )
    rate: float = Field(
        0.01, gt=0, le=1, description="Share of an update's means in the offsets' moving average"
    )


class Centred(Change):
    """The gradient with respect to W, c and d of E = -(v - mu)'W (h - lam) - c'v - d'h.

    That is the same model, with a = c - W lam and b = d - W'mu, whatever the offsets mu and lam.
    With G = <dF>_data - <dF>_model, a step along the gradient there is a step here along

        C_W = G_W - G_a lam' - mu G_b',   C_a = G_a - C_W lam,   C_b = G_b - C_W'mu,

    which is zero where G is. What is learned then does not depend on how the two states of a unit
    are called. Plain training of spins has mu = lam = 0; of units 0 and 1 that is the training
    centred at 1/2, and their plain one has mu = lam = -1. Offsets begin at the first update's means
    and follow those of the updates as a moving average; with ``average`` and ``rate: 1`` they may
    diverge.

    Source: Cho, Raiko and Ilin 2011 (the enhanced gradient); Montavon and Mueller 2012; Melchior,
    Fischer and Wiskott 2016, who compare the offsets.

    Attributes:
        offsets: mu (R, V) and lam (R, H) that follow means; None before the first update, and where
            they stay at a number.
    """

    cites = ("cho2011enhanced", "montavon2012", "melchior2016")

    remembers = 2

    def __init__(self, options: CentredOptions, model: Model) -> None:
        self.options = options
        self.offsets: tuple[Tensor, ...] | None = None
        self._size = model.parameters_per_replica()

    @torch.no_grad()
    def __call__(self, data: Phase, negative: Phase, taken: Taken) -> Phase:
        mu, lam = self._offsets(data, negative, taken)
        mu, lam = mu.unsqueeze(2), lam.unsqueeze(1)  # (R, V, 1), (R, 1, H)
        G_W, G_a, G_b = (d - n for d, n in zip(data, negative, strict=True))
        C_W = G_W - G_a.unsqueeze(2) * lam - mu * G_b.unsqueeze(1)
        return C_W, G_a - (C_W * lam).sum(2), G_b - (C_W * mu).sum(1)

    def standing(self) -> Any:
        return self.offsets

    def restore(self, remembered: Any) -> None:
        self.offsets = remembered

    def forget(self, replicas: Tensor) -> None:
        """Nothing: offsets are means, and led nowhere."""

    def cost(self) -> Cost:
        """Two outer products, and two products with a vector."""
        return Cost(macs=4.0 * self._size, bytes=4.0 * 10 * self._size, held=4.0 * 4 * self._size)

    def _offsets(self, data: Phase, negative: Phase, taken: Taken) -> tuple[Tensor, ...]:
        """mu (R, V) and lam (R, H) of this update."""
        at = self.options.offsets
        if isinstance(at, str):
            return self._follow(self._means(data, negative, taken))
        return tuple(torch.full_like(each, at) for each in data[1:])

    def _means(self, data: Phase, negative: Phase, taken: Taken) -> tuple[Tensor, ...]:
        """<v> (R, V) and <h> (R, H), which are what the phases of biases consist of."""
        of_data = (-each / taken.data_weight for each in data[1:])
        of_model = (-each / taken.negative_weight for each in negative[1:])
        share = SHARES[cast(str, self.options.offsets)]
        pairs = zip(of_data, of_model, strict=True)
        return tuple(share * there + (1 - share) * here for there, here in pairs)

    def _follow(self, means: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        """The offsets, moved towards the means, in place.

        In separate operations: ``lerp_`` may give an element another last bit alone than in a
        block.
        """
        if self.offsets is None:
            self.offsets = means
            return means
        rate = self.options.rate
        for offset, mean in zip(self.offsets, means, strict=True):
            offset.copy_((1 - rate) * offset + rate * mean)
        return self.offsets
