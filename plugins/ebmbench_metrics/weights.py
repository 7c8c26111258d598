"""How large the weights are, how heavy their tails, how few directions they have."""

from __future__ import annotations

import torch
from torch import Tensor

from ebmbench import GibbsKernel, Metric, Model, Splits, TwoLayer, View


class Weights(Metric):
    """Mean, standard deviation and kurtosis of W, and how many singular values s carry it.

    Parts ``mean``, ``std``, ``kurtosis`` <(w - mean)^4> / std^4 (3 for a Gaussian), ``largest``,
    the largest singular value, and ``modes``, the participation ratio (sum s^2)^2 / sum s^4: 1
    where one direction holds everything, min(V, H) where all are alike. NaN where W does not vary
    (kurtosis) or is 0 (modes).

    Source: Decelle, Fissore and Furtlehner 2017 and 2018 follow the singular values over
    training; the participation ratio is Bell and Dean's (1970), of the squared singular values.
    """

    name = "weights"
    cites = ("decelle2017", "decelle2018", "bell1970")
    parts = ("mean", "std", "kurtosis", "largest", "modes")
    missing = {"kurtosis": "W does not vary", "modes": "W is 0"}
    range = {
        "std": (0.0, None),
        "kurtosis": (1.0, None),
        "largest": (0.0, None),
        "modes": (1.0, None),
    }

    def supports(self, model: Model, data: Splits, kernel: GibbsKernel | None) -> str | None:
        if isinstance(model, TwoLayer):
            return None
        return f"the model '{model.name}' has no weights between two layers"

    @torch.no_grad()
    def measure(self, view: View) -> dict[str, Tensor]:
        assert isinstance(view.model, TwoLayer)
        W = view.model.couplings().W.double()
        return {**moments(W.flatten(1)), **modes(W)}


def moments(w: Tensor) -> dict[str, Tensor]:
    """Mean, standard deviation and kurtosis of numbers (R, M), each (R,)."""
    mean = w.mean(1)
    squares = (w - mean.unsqueeze(1)).square_()
    variance = squares.mean(1)
    fourth = squares.square_().mean(1)
    return {"mean": mean, "std": variance.sqrt(), "kurtosis": fourth / variance.square()}


def modes(W: Tensor) -> dict[str, Tensor]:
    """The largest singular value and the participation ratio of W (R, V, H), each (R,).

    From the Gram matrix G of the smaller side: sum s^2 = tr G, sum s^4 = ||G||^2.
    """
    G = W @ W.mT if W.shape[1] <= W.shape[2] else W.mT @ W
    trace = G.diagonal(dim1=1, dim2=2).sum(1)
    largest = torch.linalg.eigvalsh(G)[:, -1].clamp(min=0).sqrt()
    return {"largest": largest, "modes": trace.square() / G.flatten(1).square().sum(1)}
