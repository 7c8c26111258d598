"""Whether fresh samples are samples: their free energy stays where it is."""

from __future__ import annotations

from typing import Literal

import torch
from pydantic import Field
from torch import Tensor

from ebmbench import Chains, GibbsKernel, Metric, Model, Splits, View, cannot_sweep
from ebmbench.numerics import variance
from ebmbench_metrics.starts import starts


class Relaxation(Metric):
    """The drift <F(v_T) - F(v_0)> of chains that have run for a while, in T further Gibbs steps.

    At equilibrium it is 0 within its error. Chains start at fair coins (``random``), at training
    images (``train``) or at what the sampler's negative phase holds (``sampler``), and run ``burn``
    steps before they are looked at; the drift is of each chain by itself, so that what chains
    differ in does not blur it. Parts ``drift`` and its standard error ``error``, in nats, and
    ``score`` = |drift| / error: above 3 the chains were no samples of the model. NaN where no chain
    moves. Nothing for ``start: sampler`` where the sampler has no particles (exact).

    Source: the diagnostics of adabmDCA (2026), which ask for a drift within three errors.
    """

    name = "relaxation"
    parts = ("drift", "error", "score")
    unit = dict.fromkeys(("drift", "error"), "nats")
    better = {"score": "lower"}
    range = {"error": (0.0, None), "score": (0.0, None)}
    missing = {"score": "the free energy of no chain has changed"}

    class Options(Metric.Options):
        chains: int = Field(200, ge=2, le=100_000, description="Chains per replica")
        burn: int = Field(100, ge=0, le=1_000_000, description="Steps before the first look")
        steps: int = Field(1000, ge=1, le=1_000_000, description="T, steps between the two looks")
        start: Literal["random", "train", "sampler"] = Field(
            "random", description="Where chains start: coins, training images, or the sampler's"
        )

    @property
    def needs_negative(self) -> bool:  # type: ignore[override]
        """Whether the chains start at what the sampler holds."""
        return bool(self.options.start == "sampler")

    def supports(self, model: Model, data: Splits, kernel: GibbsKernel | None) -> str | None:
        return cannot_sweep(kernel, model)

    @torch.no_grad()
    def measure(self, view: View) -> dict[str, Tensor]:
        v = self._start(view)
        if v is None:
            return {}
        chains = Chains(v)
        if self.options.burn:
            chains = view.sweep(chains, self.options.burn)
        before = view.model.free_energy(chains.v).double()
        after = view.model.free_energy(view.sweep(chains, self.options.steps).v).double()
        change = after - before  # (R, chains)
        drift, freedom = change.mean(1), max(change.shape[1] - 1, 1)  # one chain has no spread
        error = (variance(change, correction=0) / freedom).sqrt()
        score = torch.where(error > 0, drift.abs() / error, torch.nan)
        return {"drift": drift, "error": error, "score": score}

    def _start(self, view: View) -> Tensor | None:
        """Where the chains start; None where the sampler has nothing."""
        if self.options.start != "sampler":
            return starts(view, self.options.start, self.options.chains)
        particles = view.negative().particles
        return None if particles is None else particles.v[:, : self.options.chains]
