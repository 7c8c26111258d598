"""What a metric shows beside its numbers: images and curves of each replica."""

from __future__ import annotations

from typing import Any, NamedTuple

import torch
from torch import Tensor


class Images(NamedTuple):
    """N images per replica, drawn as a grid.

    Attributes:
        pixels: (R, N, height * width) in [-1, 1].
        shape: (height, width) of an image.
        marks: (R, N) int64, each image's entry in ``legend``, drawn as its border; None for none.
        legend: what the marks say, such as ("train", "test", "neither").
    """

    pixels: Tensor
    shape: tuple[int, int]
    marks: Tensor | None = None
    legend: tuple[str, ...] = ()

    def arrays(self, replica: int) -> dict[str, Tensor]:
        """What is stored of a replica: pixels in steps of 1/127, (N, height, width), and marks."""
        pixels = (127 * self.pixels[replica].detach().cpu()).round().to(torch.int8)
        marks = {} if self.marks is None else {"marks": self.marks[replica].cpu()}
        return {"pixels": pixels.reshape(-1, *self.shape), **marks}

    def about(self) -> dict[str, Any]:
        """What is stored once for all replicas."""
        return {"kind": "images", "legend": self.legend}


class Curves(NamedTuple):
    """A function of x for each replica, such as a histogram.

    Attributes:
        x: (P,).
        y: (R, P).
        x_label, y_label: what they are, with units.
    """

    x: Tensor
    y: Tensor
    x_label: str = ""
    y_label: str = ""

    def arrays(self, replica: int) -> dict[str, Tensor]:
        """What is stored of a replica: x and y, (P,) float32."""
        return {"x": self.x.float().cpu(), "y": self.y[replica].detach().float().cpu()}

    def about(self) -> dict[str, Any]:
        """What is stored once for all replicas."""
        return {"kind": "curves", "x_label": self.x_label, "y_label": self.y_label}


Depiction = Images | Curves
