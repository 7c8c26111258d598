"""How well the hidden units tell the classes of labelled images apart."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Literal

import torch
from pydantic import Field
from torch import Tensor

from ebmbench import GibbsKernel, Metric, Model, Splits, TwoLayer, View
from ebmbench.numerics import mean_spin
from ebmbench_metrics.logistic import Labelled, Regression

ROWS = 4096  # images whose hidden units are found at a time


class Features(Metric):
    """Accuracy of a multinomial logistic regression from the hidden units, p(y | h).

    h is drawn once from p(h | v) for each image (``sampled``, as in the paper) or is its mean
    tanh(x) (``mean``); scikit-learn's L-BFGS fits the regression to the training images. Parts
    ``train`` and ``test``, shares of the images whose label is told; with ``baseline``
    ``pixels_train`` and ``pixels_test`` too, the same regression from the pixels, whatever the
    model.

    Source: Pozas-Kerstjens et al. 2021, section 5.2.
    """

    name = "features"
    cites = ("pozaskerstjens2021",)
    parts = ("train", "test")
    unit = "share of images"
    better = {"train": "higher", "test": "higher"}
    range = (0.0, 1.0)

    class Options(Metric.Options):
        hidden: Literal["sampled", "mean"] = Field(
            "sampled", description="Hidden units drawn given the image, or their means"
        )
        C: float = Field(1.0, gt=0, description="Inverse strength of the L2 penalty")
        max_iter: int = Field(100, ge=1, le=100_000, description="Iterations of L-BFGS at the most")
        rows: int | None = Field(
            None,
            ge=1,
            le=100_000_000,
            description="Images per split at the most, the first ones; all by default",
        )
        baseline: bool = Field(False, description="Whether to classify from the pixels too")

    @classmethod
    def parts_with(cls, options: Any) -> Collection[str]:
        return (*cls.parts, "pixels_train", "pixels_test") if options.baseline else cls.parts

    def supports(self, model: Model, data: Splits, kernel: GibbsKernel | None) -> str | None:
        if data.train_labels is None or data.test_labels is None:
            return "the dataset has no labels"
        if not isinstance(model, TwoLayer):
            return f"the model '{model.name}' has no hidden layer to take features from"
        return None

    def measure(self, view: View) -> dict[str, Tensor]:
        pixels = pixels_of(view.data, self.options.rows)
        hidden = [Labelled(self._features(view, v), y) for v, y in pixels]
        regression = Regression(self.options.C, self.options.max_iter)
        train, test = regression.accuracies(*hidden)
        if not self.options.baseline:
            return {"train": train, "test": test}
        from_pixels = regression.accuracies(*pixels)
        names = ("train", "test", "pixels_train", "pixels_test")
        return dict(zip(names, (train, test, *from_pixels), strict=True))

    @torch.no_grad()
    def _features(self, view: View, v: Tensor) -> Tensor:
        """The hidden units of ``v`` (R, N, V), (R, N, H), spins as int8: there may be many."""
        assert isinstance(view.model, TwoLayer)  # checked by supports()
        parts = (view.model.hidden_field(part) for part in torch.split(v, ROWS, dim=1))
        if self.options.hidden == "mean":
            return torch.cat([mean_spin(x) for x in parts], dim=1)
        return torch.cat([view.noise.spins(x).to(torch.int8) for x in parts], dim=1)


def pixels_of(data: Splits, rows: int | None) -> tuple[Labelled, Labelled]:
    """The first ``rows`` labelled images of train and test."""
    assert data.train_labels is not None  # checked by supports()
    assert data.test_labels is not None
    return (
        Labelled(data.train[:, :rows], data.train_labels[:, :rows]),
        Labelled(data.test[:, :rows], data.test_labels[:, :rows]),
    )
