"""The slopes of ebmkit's losses."""

from __future__ import annotations

from importlib.metadata import version
from typing import ClassVar, Literal, cast

import torch
from pydantic import Field
from torch import Tensor

from ebmbench import Cost, Model, TwoLayer, product_cost
from ebmbench.interfaces.library_chains import (
    Floats,
    LibraryGradient,
    SingleReplica,
    to_zero_one,
)

CLASSES = {
    "pseudo-likelihood": "PseudoLikelihood",
    "ratio-matching": "RatioMatching",
    "concrete-score": "ConcreteScoreMatching",
}
PASSES = {"pseudo-likelihood": 2, "ratio-matching": 1, "concrete-score": 2}  # per unit


class EbmkitGradient(LibraryGradient):
    """The slope of a loss of ebmkit that looks at all neighbours of the data: no chains.

    With d_i = F(v with v_i turned) - F(v), meant over the rows: ``pseudo-likelihood`` is
    sum_i log(1 + exp(-d_i)) / V, our ``pl`` by V; ``ratio-matching`` is sum_i sigmoid(-d_i)^2, our
    ``ratio``; ``concrete-score`` is sum_i (exp(-d_i) - 1)^2 / 2 - exp(d_i) + 1, with d_i within 15,
    which we have not. The last lacks the term exp(-d_i) - 1 of Meng et al.'s objective, so that its
    minimum is not the data's law, however much data there is.

    The library's: the loss, its neighbours, a forward pass for each. Ours: the free energy that it
    is given for its energy, in float32, whose slope is autograd's; the optimiser (its ``Trainer``
    takes Adam), batches, and the parameters at the start. Besag 1975; Hyvarinen 2007; Meng, Choi,
    Song and Ermon 2022.
    """

    name = "ebmkit-gradient"
    version = f"1, ebmkit {version('ebmkit')}"

    known_failures: ClassVar[dict[str, str]] = {
        **LibraryGradient.known_failures,
        **dict.fromkeys(("no-drift", "biases"), "concrete-score lacks a term: see info"),
    }

    class Options(LibraryGradient.Options):
        loss: Literal["pseudo-likelihood", "ratio-matching", "concrete-score"] = Field(
            description="Which of ebmkit's losses"
        )

    def gradient(
        self, model: SingleReplica, rows: Floats, state: Floats | None, seed: int
    ) -> tuple[SingleReplica, Floats | None]:
        # Imported here: it takes time, which `ebmbench list` need not wait for.
        import ebm

        numbers = tuple(torch.from_numpy(part).float().requires_grad_() for part in model)
        n = torch.from_numpy(to_zero_one(rows)).float()
        loss = getattr(ebm, CLASSES[self.options.loss])()
        with torch.enable_grad():
            if self.options.loss == "concrete-score":  # a unit's states are two colours
                colours = torch.stack([1 - n, n], -1)
                found = loss(lambda x: free_energy(x[..., 1] - x[..., 0], *numbers), colours)
            else:
                found = loss(lambda x: free_energy(2 * x - 1, *numbers), n)
            slopes = torch.autograd.grad(found.loss, numbers)
        return SingleReplica(*(slope.double().numpy() for slope in slopes)), None

    def cost(self, model: Model, batch: int) -> Cost:
        """The fields of all neighbours, forward and back; each log cosh is ten multiply-adds."""
        V, H = model.visible, cast(TwoLayer, model).hidden
        rows = batch * PASSES[self.options.loss] * V
        passes = product_cost(rows, V, H) + product_cost(V, rows, H)
        return passes + Cost(macs=10.0 * rows * H) + model.phase_cost(batch)


def free_energy(v: Tensor, W: Tensor, a: Tensor, b: Tensor) -> Tensor:
    """F(v) = -a'v - sum log 2cosh(v W + b), (N, V) -> (N,)."""
    x = v @ W + b
    return -(v @ a) - torch.logaddexp(x, -x).sum(-1)
