"""Whether a sampler's own chains agree with each other, and how many samples they are worth."""

from __future__ import annotations

import torch
from pydantic import Field
from torch import Tensor

from ebmbench import Chains, GibbsKernel, Metric, Model, Splits, View, cannot_sweep
from ebmbench.numerics import variance
from ebmbench_metrics.correlation_time import autocorrelation, integrated_time

WINDOW = 5.0  # where the sum over rho ends, in tau
LONG_ENOUGH = 50  # in units of tau, as of the metric autocorrelation
LEAST_STEPS = 4  # two halves of two


class Convergence(Metric):
    """R-hat of the free energy along the training chains, and their effective number of samples.

    The chains go on from what the sampler's negative phase holds, such as PCD's chains, for
    ``steps`` Gibbs steps. Parts ``r_hat``, rank-normalised split R-hat, the larger of that of F and
    that of its distance from the median: above 1.01 the chains do not agree; and ``ess`` = chains x
    steps / tau, NaN where the chains are shorter than 50 tau, too short to tell. Both see what
    F sees: chains caught on two sides of a symmetry have the same F. Nothing where the sampler has
    no particles (exact).

    Source: Vehtari, Gelman, Simpson, Carpenter and Bürkner 2021, eqs. 3, 4 and 14.
    """

    name = "convergence"
    cites = ("vehtari2021",)
    parts = ("r_hat", "ess")
    needs_negative = True
    unit = {"ess": "samples"}
    better = {"r_hat": "lower", "ess": "higher"}
    range = {"r_hat": (0.0, None), "ess": (0.0, None)}
    missing = {
        "r_hat": "the free energy of no chain has changed",
        "ess": "chains are shorter than 50 tau, or their free energy does not change",
    }

    class Options(Metric.Options):
        chains: int = Field(100, ge=2, le=100_000, description="Of the sampler's, at most")
        steps: int = Field(
            200, ge=LEAST_STEPS, le=1_000_000, description="Steps that each is looked at"
        )

    def supports(self, model: Model, data: Splits, kernel: GibbsKernel | None) -> str | None:
        return cannot_sweep(kernel, model)

    @torch.no_grad()
    def measure(self, view: View) -> dict[str, Tensor]:
        particles = view.negative().particles
        if particles is None:
            return {}
        chains, series = Chains(particles.v[:, : self.options.chains]), []
        for _ in range(self.options.steps):
            chains = view.sweep(chains, 1)
            series.append(view.model.free_energy(chains.v).double())
        F = torch.stack(series, dim=-1)  # (R, chains, steps)
        tau = integrated_time(autocorrelation(F), WINDOW)
        known = torch.where(LONG_ENOUGH * tau <= F.shape[2], tau, torch.nan)
        return {"r_hat": rank_normalised_r_hat(F), "ess": F.shape[1] * F.shape[2] / known}


def rank_normalised_r_hat(x: Tensor) -> Tensor:
    """The larger of R-hat of x (R, n, T) and of |x - median|, by normal scores of ranks; (R,)."""
    median = x.flatten(1).median(1).values.view(-1, 1, 1)
    place, width = (split_r_hat(normal_scores(each)) for each in (x, (x - median).abs()))
    return torch.maximum(place, width)


def split_r_hat(x: Tensor) -> Tensor:
    """sqrt(((L - 1) W + B) / (L W)) of halves of chains, of L steps each (Gelman et al. 2013).

    W is the mean variance within a half, B / L the variance of their means. (R, n, T) -> (R,); NaN
    where nothing varies within any half.
    """
    L = x.shape[2] // 2
    halves = torch.cat([x[..., :L], x[..., -L:]], 1)
    within, between = variance(halves).mean(1), variance(halves.mean(2))
    r_hat = (((L - 1) / L * within + between) / within).sqrt()
    return torch.where(within > 0, r_hat, torch.nan)


def normal_scores(x: Tensor) -> Tensor:
    """The normal quantiles of the ranks of all of a replica's numbers, ties at their mean rank.

    Of rank r among S the quantile of (r - 3/8) / (S + 1/4) (Blom 1958). (R, n, T) -> (R, n, T).
    """
    flat = x.flatten(1)
    ordered = flat.sort(1).values
    below, up_to = (torch.searchsorted(ordered, flat, right=right) for right in (False, True))
    rank = (below + 1 + up_to).double() / 2
    scores: Tensor = torch.special.ndtri((rank - 0.375) / (flat.shape[1] + 0.25))
    return scores.view_as(x)
