"""Whether a model reproduces its data at equilibrium, or after some steps only."""

from __future__ import annotations

import torch
from pydantic import Field
from torch import Tensor

from ebmbench import (
    Chains,
    Curves,
    Depiction,
    GibbsKernel,
    Metric,
    Model,
    Splits,
    View,
    cannot_sweep,
)

ROWS = 5000  # of training data that are looked at, at most
FEWEST_UNITS = 3  # two units have one pair, of which no correlation can be taken
STEPS_OF_A_DECADE = (1, 2, 3, 5, 7)


class ResamplingCurve(Metric):
    """r(t): how like the data's pair correlations are those of chains t steps after a random start.

    r is Pearson's correlation between c_ij = <v_i v_j> - <v_i><v_j> of the chains and of the
    training data, over all pairs. Parts ``best``, the largest r; ``best_at``, the step of it;
    ``last``, r at the last step; ``fall`` = best - last; and the picture ``curve``. A model that
    was trained with chains out of equilibrium gets most right after about as many steps as these
    had, and falls afterwards; one trained at equilibrium rises and stays. Few chains make r noisy,
    and a small fall of noise.

    Source: Decelle, Furtlehner and Seoane 2021; as a check of trained models, the documentation of
    adabmDCA, which takes a fall of 0.005 and more for a sign.
    """

    name = "resampling-curve"
    cites = ("decelle2021",)
    parts = ("best", "best_at", "last", "fall")
    unit = {"best_at": "steps"}
    better = {"last": "higher", "fall": "lower"}
    range = {
        **dict.fromkeys(("best", "last"), (-1.0, 1.0)),
        "fall": (0.0, 2.0),
        "best_at": (1.0, None),
    }
    missing = "units do not vary, of the data or of the chains"

    class Options(Metric.Options):
        chains: int = Field(1000, ge=10, le=100_000, description="Chains per replica")
        steps: int = Field(1000, ge=1, le=1_000_000, description="Steps of the longest chains")

    def supports(self, model: Model, data: Splits, kernel: GibbsKernel | None) -> str | None:
        if data.visible < FEWEST_UNITS:
            return f"fewer than {FEWEST_UNITS} visible units have no pairs to compare"
        return cannot_sweep(kernel, model)

    @torch.no_grad()
    def measure(self, view: View) -> dict[str, Tensor | Depiction]:
        times = times_until(self.options.steps)
        wanted = pair_correlations(view.data.train[:, :ROWS])
        chains, done, found = self._start(view), 0, []
        for time in times:
            chains, done = view.run_chains(chains, time - done), time
            found.append(pearson(pair_correlations(chains.v), wanted))
        r = torch.stack(found, dim=1)  # (R, times)
        at = torch.tensor(times, device=r.device)
        best, index = r.max(1)
        return {
            "best": best,
            "best_at": torch.where(best.isnan(), torch.nan, at[index].double()),
            "last": r[:, -1],
            "fall": best - r[:, -1],
            "curve": Curves(at, r, "steps from a random start", "r of pair correlations"),
        }

    def _start(self, view: View) -> Chains:
        return Chains(view.noise.coins(self.options.chains, view.model.visible))


def times_until(last: int) -> list[int]:
    """1, 2, 3, 5, 7, 10, 20, ... and ``last``."""
    steps = [step * 10**power for power in range(len(str(last))) for step in STEPS_OF_A_DECADE]
    return [step for step in steps if step < last] + [last]


def pair_correlations(v: Tensor) -> Tensor:
    """<v_i v_j> - <v_i><v_j> of all pairs i < j, (R, N, V) -> (R, V (V - 1) / 2) float64."""
    centred = (v - v.mean(1, keepdim=True)).double()
    covariance = centred.mT @ centred / v.shape[1]
    units = covariance.shape[1]
    i, j = torch.triu_indices(units, units, offset=1, device=v.device)
    return covariance[:, i, j]


def pearson(x: Tensor, y: Tensor) -> Tensor:
    """The correlation of x and y (R, P) along P, (R,); NaN where either does not vary."""
    x, y = (each - each.mean(1, keepdim=True) for each in (x, y))
    spread = (x.square().sum(1) * y.square().sum(1)).sqrt()
    r = (x * y).sum(1) / spread
    return torch.where(spread > 0, r.clamp(-1, 1), torch.nan)
