"""How fast Gibbs chains forget."""

from __future__ import annotations

from typing import Literal

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
from ebmbench_metrics.correlation_time import autocorrelation, integrated_time
from ebmbench_metrics.starts import drawn, starts

LONG_ENOUGH = 50  # in units of tau: shorter chains do not tell their own tau (Goodman and Weare)


class Autocorrelation(Metric):
    """tau = 1 + 2 sum_t rho(t) of Gibbs chains, in steps: how many are worth one fresh sample.

    rho(t) is the autocorrelation of an observable of v: the free energy F(v) (``energy``) or the
    overlap with the first training image, v.v_1 / V (``overlap``, which sees chains that are
    caught on one side of a symmetry; F does not). Chains start at training images or at what the
    sampler's negative phase holds, such as PCD's chains, and their first ``burn`` steps are left
    out. Parts ``tau``, ``ess``, the effective number of samples chains x steps / tau, and
    ``ess_per_step``, 1 / tau; the picture ``rho`` is rho(t). NaN where the chains are shorter than
    50 tau, too short to tell, or where the observable does not vary. Nothing for ``start:
    sampler`` where the sampler has no particles (exact).

    Source: Sokal 1997, whose window of 5 tau cuts the sum; Goodman and Weare 2010 (and its
    program acor), for many chains together and for the least length.
    """

    name = "autocorrelation"
    cites = ("sokal1997", "goodman2010")
    parts = ("tau", "ess", "ess_per_step")
    missing = "chains are shorter than 50 tau, or what is observed does not vary"
    better = {"tau": "lower", "ess": "higher", "ess_per_step": "higher"}
    range = (0.0, None)

    class Options(Metric.Options):
        observable: Literal["energy", "overlap"] = Field(
            "energy", description="F(v), or the overlap with the first training image"
        )
        chains: int = Field(20, ge=1, le=10_000, description="Chains per replica")
        steps: int = Field(1000, ge=10, le=1_000_000, description="T, steps of a chain looked at")
        burn: int = Field(100, ge=0, le=1_000_000, description="Steps before those")
        start: Literal["train", "sampler"] = Field(
            "train", description="Chains start at training images, or at the sampler's particles"
        )
        beta: float = Field(1.0, gt=0, description="Inverse temperature of the chains")
        window: float = Field(5.0, gt=0, description="Where the sum over rho ends, in tau")
        lags: int = Field(100, ge=1, le=1_000_000, description="Lags of the picture at the most")

    @property
    def needs_negative(self) -> bool:  # type: ignore[override]
        """Whether the chains start at what the sampler holds."""
        return bool(self.options.start == "sampler")

    def supports(self, model: Model, data: Splits, kernel: GibbsKernel | None) -> str | None:
        return cannot_sweep(kernel, model)

    def measure(self, view: View) -> dict[str, Tensor | Depiction]:
        start = self._start(view)
        if start is None:
            return {}
        chains, steps = self.options.chains, self.options.steps
        rho = autocorrelation(self._series(view, start))
        tau = integrated_time(rho, self.options.window)
        tau = torch.where(LONG_ENOUGH * tau <= steps, tau, torch.nan)
        picture = rho[:, : self.options.lags + 1]
        lag = torch.arange(picture.shape[1])
        return {
            "tau": tau,
            "ess": chains * steps / tau,
            "ess_per_step": 1 / tau,
            "rho": Curves(lag, picture, "lag, in steps", "autocorrelation"),
        }

    def _start(self, view: View) -> Tensor | None:
        """Where the chains start, (R, chains, V); None where the sampler has nothing."""
        if self.options.start == "train":
            return starts(view, "train", self.options.chains)
        particles = view.negative().particles
        return None if particles is None else drawn(particles.v, self.options.chains, view.noise)

    @torch.no_grad()
    def _series(self, view: View, v: Tensor) -> Tensor:
        """The observable along the chains that start at ``v``, (R, chains, steps) float64."""
        chains, beta, series = Chains(v), self.options.beta, []
        if self.options.burn:
            chains = view.sweep(chains, self.options.burn, beta)
        for _ in range(self.options.steps):
            chains = view.sweep(chains, 1, beta)
            series.append(self._observed(view, chains.v))
        return torch.stack(series, dim=-1)

    def _observed(self, view: View, v: Tensor) -> Tensor:
        """The observable of each configuration, (R, N, V) -> (R, N) float64."""
        if self.options.observable == "energy":
            return view.model.free_energy(v).double()
        return (v @ view.data.train[:, :1].mT).squeeze(-1).double() / v.shape[-1]
