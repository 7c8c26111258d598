"""How far reconstructions of partly erased images are from the images."""

from __future__ import annotations

from typing import Literal

import torch
from pydantic import Field
from torch import Tensor

from ebmbench import Chains, GibbsKernel, Metric, Model, Splits, View, cannot_sweep
from ebmbench_metrics.kept_pixels import Region, kept_pixels, random_pixels

ROWS = 4096  # reconstructions made at a time, per replica


class Hamming(Metric):
    """Share of wrong pixels in reconstructions of images of which only some pixels are kept.

    The other pixels start at 0 and ``steps`` Gibbs steps follow; the mean is over ``samples``
    reconstructions of each image, and over all pixels, kept ones too. Pozas-Kerstjens et al.
    2021, appendix C: the published code takes one step without clamping (the defaults), the text
    keeps the given pixels fixed (``clamp: true``). ``keep`` says which pixels are kept: those that
    the dataset says (the default), a region, or a random choice, another one for each image.
    Parts: train, test.
    """

    name = "hamming"
    cites = ("pozaskerstjens2021",)
    parts = ("train", "test")
    unit = "share of pixels"
    better = "lower"
    range = (0.0, 1.0)

    class Options(Metric.Options):
        keep: Literal["dataset", "random"] | Region = Field(
            "dataset",
            description="The pixels kept: what the dataset says, a side, the centre, every other "
            "pixel (checkerboard), or a random choice for each image",
        )
        share: float = Field(
            0.5,
            gt=0,
            lt=1,
            description="Share of the rows (top, bottom), columns (left, right) or pixels (centre, "
            "random) kept; dataset and checkerboard know their own",
        )
        clamp: bool = Field(False, description="Whether the kept pixels stay fixed")
        steps: int = Field(1, ge=1, le=1_000_000, description="Gibbs steps of a reconstruction")
        samples: int = Field(100, ge=1, le=1_000_000, description="Reconstructions of each image")
        images: int = Field(
            1000, ge=1, le=1_000_000, description="Images per split at the most, the first ones"
        )

    def supports(self, model: Model, data: Splits, kernel: GibbsKernel | None) -> str | None:
        return cannot_sweep(kernel, model) or self._erases_nothing(data)

    def measure(self, view: View) -> dict[str, Tensor]:
        limit = self.options.images
        return {
            "train": self._distance(view, view.data.train[:, :limit]),
            "test": self._distance(view, view.data.test[:, :limit]),
        }

    def _erases_nothing(self, data: Splits) -> str | None:
        """Why no pixel is left to reconstruct; None if one is."""
        keep, share = self.options.keep, self.options.share
        if keep in ("dataset", "random") or not kept_pixels(keep, share, data.image).all():
            return None
        return f"keep: {keep} erases nothing of {data.image[0]} x {data.image[1]} images"

    def _distance(self, view: View, v: Tensor) -> Tensor:
        """Mean distance over images and samples, (R, N, V) -> (R,)."""
        at_once = max(1, ROWS // v.shape[1])
        samples_in_all: int = self.options.samples
        keep = self._keep(view, v)
        left, wrong = samples_in_all, torch.zeros(len(v), device=v.device)
        while left:
            samples = min(at_once, left)
            kept = keep.repeat(1, samples, 1) if keep.dim() == 3 else keep
            wrong += samples * self._wrong_pixels(view, v.repeat(1, samples, 1), kept)
            left -= samples
        return wrong / samples_in_all

    def _keep(self, view: View, v: Tensor) -> Tensor:
        """The pixels kept of the images ``v``, (V,) or (R, N, V) bool."""
        keep, share = self.options.keep, self.options.share
        if keep == "dataset":
            return view.data.keep
        if keep == "random":
            return random_pixels(share, v.shape[1], v.shape[2], view.noise)
        return kept_pixels(keep, share, view.data.image).to(v.device)

    def _wrong_pixels(self, view: View, v: Tensor, keep: Tensor) -> Tensor:
        """Share of wrong pixels in one reconstruction of each row, (R, N, V) -> (R,)."""
        rebuilt, steps = Chains(torch.where(keep, v, 0.0)), self.options.steps
        if self.options.clamp:
            for _ in range(steps):
                rebuilt = view.run_chains(rebuilt, 1)
                rebuilt = Chains(torch.where(keep, v, rebuilt.v), rebuilt.h)
        else:
            rebuilt = view.run_chains(rebuilt, steps)
        return (rebuilt.v != v).float().mean((1, 2))
