"""The exact negative log-likelihood at the temperature that suits the model best."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor

from ebmbench import Couplings, GibbsKernel, Metric, Model, Splits, View
from ebmbench.numerics import log_2cosh
from ebmbench_exact.enumeration import couplings_of, log_z_at, not_enumerable
from ebmbench_exact.golden_section import Minimum, golden_section

HOTTEST, COLDEST = 1e-4, 10.0
GRID = 11  # inverse temperatures in equal ratios
TURNS = 8  # of the search between the best one's neighbours
PRECISION = 0.02  # of log beta
FLAT = 0.01  # nats: a minimum that half the inverse temperature misses by less has no place
PART = 1 << 17  # fields at a time, per replica: 1 MiB


class BestBetaNLL(Metric):
    """min over beta of <F_beta(v)>_data + log Z(beta): the NLL at the best temperature, in nats.

    The energy is multiplied by beta, so all couplings and biases are. A model whose weights are
    right in direction and far too cold has a large NLL and a small one here; the two together tell
    what rescaling alone would mend. Parts ``train``; ``test``, at the beta that is best for the
    training data; and that ``beta``, between 1e-4 and 10 and good to 2 %, NaN where it has no
    meaning: at an end of that range, or where half of it does as well to within a hundredth of a
    nat, since then the best that rescaling can do is a model without couplings. ``train`` is not
    above ``nll`` by more than the search leaves.

    Each log Z is by enumeration, 22 of them: 11 inverse temperatures in equal ratios, then a
    golden section between the neighbours of the best, and half of what it finds. NaN for a
    replica that diverged.

    Source: our own; F as in Pozas-Kerstjens et al. 2021, eq. A6.
    """

    name = "nll-best-beta"
    cites = ("pozaskerstjens2021",)
    parts = ("train", "test", "beta")
    unit = {"train": "nats", "test": "nats"}
    better = {"train": "lower", "test": "lower"}
    range = {"train": (0.0, None), "test": (0.0, None)}
    missing = {
        "beta": "half of it does as well, to 0.01 nats, or it is at an end of what is searched"
    }

    def supports(self, model: Model, data: Splits, kernel: GibbsKernel | None) -> str | None:
        return not_enumerable(model)

    @torch.no_grad()
    def measure(self, view: View) -> dict[str, Tensor]:
        couplings = couplings_of(view.model)

        def nll(log_beta: Tensor, v: Tensor) -> Tensor:
            beta = log_beta.exp()
            return mean_free_energy_at(couplings, v, beta) + log_z_at(couplings, beta)

        def of_train(log_beta: Tensor) -> Tensor:
            return nll(log_beta, view.data.train)

        log_beta, train = lowest(of_train, len(couplings.W), couplings.W.device)
        is_sharp = of_train(log_beta - math.log(2.0)) > train + FLAT  # False where NaN
        found = is_sharp & (log_beta < math.log(COLDEST) - PRECISION)
        beta = torch.where(found, log_beta.exp(), torch.nan)
        return {"train": train, "test": nll(log_beta, view.data.test), "beta": beta}


def lowest(nll: Callable[[Tensor], Tensor], replicas: int, device: torch.device) -> Minimum:
    """The best of a grid of log beta, then of those between its neighbours."""
    grid = torch.linspace(math.log(HOTTEST), math.log(COLDEST), GRID, dtype=torch.float64)
    grid = grid.to(device)
    values = torch.stack([nll(point.expand(replicas)) for point in grid])  # (GRID, R)
    place = values.argmin(0)
    low, high = grid[(place - 1).clamp(min=0)], grid[(place + 1).clamp(max=GRID - 1)]
    found, value = golden_section(nll, low, high, TURNS), values.amin(0)
    is_found = ~(value < found.value)
    return Minimum(
        torch.where(is_found, found.at, grid[place]), torch.where(is_found, found.value, value)
    )


def mean_free_energy_at(couplings: Couplings, v: Tensor, beta: Tensor) -> Tensor:
    """<-beta a'v - sum log 2cosh(beta (v W + b))> over the rows of v (R, N, V), beta (R,); (R,)."""
    W, a, b = (None if part is None else part.double() for part in couplings)
    assert W is not None
    factor = beta.view(-1, 1, 1)
    total = torch.zeros_like(beta)
    for part in torch.split(v.double(), max(1, PART // W.shape[2]), dim=1):
        x = part @ W if b is None else part @ W + b.unsqueeze(1)
        total -= log_2cosh(factor * x).sum(2).sum(1)
    bias = 0.0 if a is None else beta * (v.double().mean(1) * a).sum(1)
    return total / v.shape[1] - bias
