"""Where a chain goes that starts at a pattern."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, cast

import torch
from pydantic import Field, field_validator
from torch import Tensor

from ebmbench import (
    Chains,
    Depiction,
    GibbsKernel,
    Images,
    Metric,
    Model,
    Splits,
    View,
    cannot_sweep,
    spin_sign,
)
from ebmbench_rapid.patterns import no_patterns
from ebmbench_rapid.pid import Patterned


class PatternSamples(Metric):
    """A chain v -> h -> v that starts at sign(xi_v) of one pattern, as pictures.

    The picture ``images`` shows the pattern first, clipped to [-1, 1], then the chain after each
    number of Gibbs steps in ``steps``, marked "pattern" and "sample". No numbers.

    Source: Pozas-Kerstjens et al. 2021, fig. 7.
    """

    name = "pattern-samples"
    cites = ("pozaskerstjens2021",)
    parts = ()

    class Options(Metric.Options):
        pattern: int = Field(0, ge=0, le=100_000, description="Which pattern, counted from 0")
        steps: tuple[Annotated[int, Field(ge=1, le=1_000_000)], ...] = Field(
            (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000),
            min_length=1,
            description="Gibbs steps after which the chain is shown, each more than the one before",
        )
        beta: float = Field(1.0, gt=0, description="Inverse temperature of the chain")

        @field_validator("steps")
        @classmethod
        def _grow(cls, steps: tuple[int, ...]) -> tuple[int, ...]:
            if any(later <= earlier for earlier, later in pairwise(steps)):
                raise ValueError("each number of steps must be larger than the one before")
            return steps

    def supports(self, model: Model, data: Splits, kernel: GibbsKernel | None) -> str | None:
        return no_patterns(model) or cannot_sweep(kernel, model) or self._no_such_pattern(model)

    @torch.no_grad()
    def measure(self, view: View) -> dict[str, Tensor | Depiction]:
        at = self.options.pattern
        xi = cast(Patterned, view.model).xi_v[:, at : at + 1]  # (R, 1, V); supports() has looked
        images = torch.cat([xi.clamp(-1, 1), *self._chain(view, spin_sign(xi))], dim=1)
        marks = torch.ones(images.shape[:2], dtype=torch.int64)
        marks[:, 0] = 0
        return {"images": Images(images, view.data.image, marks, ("pattern", "sample"))}

    def _no_such_pattern(self, model: Model) -> str | None:
        K, at = cast(Patterned, model).xi_v.shape[1], self.options.pattern
        return None if at < K else f"pattern {at} of {K}, counted from 0, does not exist"

    def _chain(self, view: View, v: Tensor) -> list[Tensor]:
        """The chain from ``v`` (R, 1, V) after each number of steps, (R, 1, V) each."""
        chains, shown = Chains(v), []
        for earlier, later in pairwise((0, *self.options.steps)):
            chains = view.sweep(chains, later - earlier, self.options.beta)
            shown.append(chains.v)
        return shown
