"""What a model generates, and how much of it is known."""

from __future__ import annotations

import torch
from pydantic import Field
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
)
from ebmbench_metrics.membership import among, distinct
from ebmbench_metrics.starts import Start, starts

LEGEND = ("train", "test", "neither")


class Samples(Metric):
    """How many of N generated images are in the training set, in the test set, in neither.

    A chain of ``steps`` Gibbs steps gives one image. Parts ``train``, ``test`` and ``neither``,
    numbers of images that add up to N (an image of both sets counts as train); ``distinct``, how
    many of the N differ; and the picture ``images``, the first ``shown`` of them, marked. Fewer in
    neither is better where the sets hold all there is to learn, as with bars and stripes.

    Source: Pozas-Kerstjens et al. 2021, fig. 5.
    """

    name = "samples"
    unit = "images"
    better = {"neither": "lower"}
    range = (0.0, None)

    class Options(Metric.Options):
        count: int = Field(100, ge=1, le=100_000, description="N, images generated per replica")
        steps: int = Field(100, ge=1, le=1_000_000, description="Gibbs steps of each chain")
        start: Start = Field(
            "random", description="Chains start at fair coins (random) or at training images"
        )
        beta: float = Field(1.0, gt=0, description="Inverse temperature of the chains")
        shown: int = Field(64, ge=0, le=1000, description="Images in the picture at the most")

    def supports(self, model: Model, data: Splits, kernel: GibbsKernel | None) -> str | None:
        return cannot_sweep(kernel, model)

    def measure(self, view: View) -> dict[str, Tensor | Depiction]:
        v = self._generated(view)
        marks = origin(v, view.data)
        numbers = {name: (marks == mark).sum(1) for mark, name in enumerate(LEGEND)}
        return {**numbers, "distinct": distinct(v), **self._picture(v, marks, view.data.image)}

    def _generated(self, view: View) -> Tensor:
        """The chains' ends, (R, count, V)."""
        chains = Chains(starts(view, self.options.start, self.options.count))
        return view.run_chains(chains, self.options.steps, self.options.beta).v

    def _picture(self, v: Tensor, marks: Tensor, image: tuple[int, int]) -> dict[str, Depiction]:
        shown = self.options.shown
        if shown == 0:
            return {}
        return {"images": Images(v[:, :shown], image, marks[:, :shown], LEGEND)}


def origin(v: Tensor, data: Splits) -> Tensor:
    """0 where a row of ``v`` (R, N, V) is a training image, 1 a test image, 2 neither, (R, N)."""
    test = torch.where(among(v, data.test), 1, 2)
    return torch.where(among(v, data.train), 0, test)
