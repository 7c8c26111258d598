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
from ebmbench.numerics import mean_overlap, nearest
from ebmbench_metrics.membership import among, distinct
from ebmbench_metrics.starts import Start, starts

LEGEND = ("train", "test", "neither")
PAIRED = 1000  # images of which all pairs are looked at


class Samples(Metric):
    """How many of N generated images are in the training set, in the test set, in neither.

    A chain of ``steps`` Gibbs steps gives one image. Parts ``train``, ``test`` and ``neither``,
    numbers of images that add up to N (an image of both sets counts as train); ``distinct``, how
    many of the N differ; ``nearest``, the mean of each one's largest |v.v'| / V with a training
    image, 1 where every image or its negative is one; ``pairwise``, the mean of |v.v'| / V over
    pairs of the first 1000, near 1 where all are alike; with labels ``classes``, exp of the entropy
    of the nearest images' labels, from 1 to the number of classes; and the picture ``images``, the
    first ``shown`` of them, marked. Fewer in neither is better where the sets hold all there is to
    learn, as with bars and stripes.

    Source: Pozas-Kerstjens et al. 2021, fig. 5.
    """

    name = "samples"
    cites = ("pozaskerstjens2021",)
    parts = (*LEGEND, "distinct", "nearest", "pairwise", "classes")
    unit = dict.fromkeys((*LEGEND, "distinct"), "images")
    better = {"neither": "lower"}
    range = {
        **dict.fromkeys((*LEGEND, "distinct"), (0.0, None)),
        **dict.fromkeys(("nearest", "pairwise"), (0.0, 1.0)),
        "classes": (1.0, None),
    }
    missing = {"pairwise": "a single image is no pair"}

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
        return {
            **numbers,
            "distinct": distinct(v),
            **likeness(v, view.data),
            **self._picture(v, marks, view.data.image),
        }

    def _generated(self, view: View) -> Tensor:
        """The chains' ends, (R, count, V)."""
        chains = Chains(starts(view, self.options.start, self.options.count))
        return view.run_chains(chains, self.options.steps, self.options.beta).v

    def _picture(self, v: Tensor, marks: Tensor, image: tuple[int, int]) -> dict[str, Depiction]:
        shown = self.options.shown
        if shown == 0:
            return {}
        return {"images": Images(v[:, :shown], image, marks[:, :shown], LEGEND)}


def likeness(v: Tensor, data: Splits) -> dict[str, Tensor]:
    """How near the images ``v`` (R, N, V) are to the training images, and to one another."""
    near = nearest(v, data.train)
    found = {"nearest": near.overlap.mean(1), "pairwise": mean_overlap(v[:, :PAIRED])}
    if data.train_labels is None:
        return found
    return {**found, "classes": classes(data.train_labels.gather(1, near.row))}


def classes(labels: Tensor) -> Tensor:
    """exp of the entropy of the labels' frequencies, (R, N) -> (R,): how many classes there are."""
    known = torch.unique(labels, return_inverse=True)[1]  # 0, 1, ...
    share = torch.nn.functional.one_hot(known).double().mean(1)  # (R, classes)
    entropy: Tensor = torch.special.entr(share).sum(1)
    return entropy.exp()


def origin(v: Tensor, data: Splits) -> Tensor:
    """0 where a row of ``v`` (R, N, V) is a training image, 1 a test image, 2 neither, (R, N)."""
    test = torch.where(among(v, data.test), 1, 2)
    return torch.where(among(v, data.train), 0, test)
