"""The pseudo-likelihood: how well each visible unit is told by all the others."""

from __future__ import annotations

from functools import partial

import numpy as np
import torch
from pydantic import Field
from torch import Tensor
from torch.nn.functional import logsigmoid

from ebmbench import Couplings, GibbsKernel, Metric, Model, Splits, TwoLayer, View, not_two_layers
from ebmbench.numerics import (
    LANES,
    cut,
    in_parallel,
    kept,
    log_2cosh,
    log_of_product,
    njit,
    take_sizes,
    thread_count,
)

F32 = np.float32
PART = 1 << 20  # fields at a time in plain torch, per replica: 4 MiB


class PseudoLikelihood(Metric):
    """<sum_i log p(v_i | v_-i)>_data, exact over all V visible units, in nats per image.

    log p(v_i | v_-i) = log sigmoid(F(v with v_i turned) - F(v)): no partition function is needed,
    so it is exact for a model of any size and temperature. It is not a likelihood: it asks how
    well a pixel is told by its neighbours, and a model may be good at that and hold the wrong
    distribution. Parts ``train`` and ``test``, at most 0, each over the first ``rows`` rows.

    With v_i turned the fields are x - 2 v_i W_i, so it costs N V H evaluations of log cosh.

    Source: Besag 1975.
    """

    name = "pseudo-likelihood"
    cites = ("besag1975",)
    parts = ("train", "test")
    unit = "nats"
    better = "higher"
    range = (None, 0.0)

    class Options(Metric.Options):
        rows: int = Field(
            1000, ge=1, le=100_000_000, description="Rows per split at the most, the first ones"
        )

    def supports(self, model: Model, data: Splits, kernel: GibbsKernel | None) -> str | None:
        return not_two_layers(model)

    @torch.no_grad()
    def measure(self, view: View) -> dict[str, Tensor]:
        return {
            "train": log_pseudo_likelihood(view.model, view.data.train[:, : self.options.rows]),
            "test": log_pseudo_likelihood(view.model, view.data.test[:, : self.options.rows]),
        }


def log_pseudo_likelihood(model: Model, v: Tensor) -> Tensor:
    """The mean over rows of sum_i log p(v_i | v_-i), v (R, N, V) -> (R,) float64."""
    assert isinstance(model, TwoLayer)  # checked by supports()
    couplings = model.couplings()
    total = v.new_zeros(len(v), dtype=torch.float64)
    for part in torch.split(v, max(1, PART // max(v.shape[2], model.hidden)), dim=1):
        rise = rise_when_turned(couplings, model.hidden_field(part), part)
        total += logsigmoid(rise).sum((1, 2))
    return total / v.shape[1]


def rise_when_turned(couplings: Couplings, x: Tensor, v: Tensor) -> Tensor:
    """F(v with v_i turned) - F(v) for each unit i, with the fields x (R, N, H); (R, N, V).

    = 2 a_i v_i - sum_j [log 2cosh(x_j - 2 v_i W_ij) - log 2cosh(x_j)], in float64.
    """
    W, a, _ = couplings
    sums = turned_sums_compiled if v.device.type == "cpu" else turned_sums
    rise = -sums(x, v, W)
    return rise if a is None else rise + 2 * (a.unsqueeze(1) * v).double()


def turned_sums(x: Tensor, v: Tensor, W: Tensor) -> Tensor:
    """sum_j [log 2cosh(x_j - 2 v_i W_ij) - log 2cosh(x_j)], (R, N, V) float64."""
    before = log_2cosh(x).double().sum(-1, keepdim=True)
    rows = max(1, PART // (W.shape[1] * W.shape[2]))
    after = [
        log_2cosh(part_x.unsqueeze(2) - 2 * part_v.unsqueeze(3) * W.unsqueeze(1)).double().sum(-1)
        for part_x, part_v in zip(*(torch.split(part, rows, 1) for part in (x, v)), strict=True)
    ]
    return torch.cat(after, 1) - before


def turned_sums_compiled(x: Tensor, v: Tensor, W: Tensor) -> Tensor:
    """The same on the CPU, in float32 until the sum."""
    numbers = [part.detach().float().contiguous().numpy() for part in (x, v, W)]
    out = np.empty(v.shape)
    parts = cut(v.shape[0] * v.shape[1], thread_count())
    in_parallel([partial(fill_turned, *numbers, out, part.start, part.stop) for part in parts])
    return torch.from_numpy(out)


@kept
@njit(nogil=True)
def fill_turned(x, v, W, out, first, last):  # type: ignore[no-untyped-def]
    """Fill ``out`` (R, N, V) for the rows ``first`` to ``last``, counted through all replicas."""
    _, N, H = x.shape
    turned, size, product = np.empty(H, F32), np.empty(H, F32), np.empty(LANES, F32)
    for index in range(first, last):
        r, row = index // N, index % N
        before = take_sizes(x[r, row], size)
        before += log_of_product(size, F32(1.0), product)
        for i in range(v.shape[2]):
            turn = F32(2.0) * v[r, row, i]
            for j in range(H):
                turned[j] = x[r, row, j] - turn * W[r, i, j]
            total = take_sizes(turned, size)
            out[r, row, i] = total + log_of_product(size, F32(1.0), product) - before
