"""Whether distances are those of a tree: the two longer sides of any triangle are equal."""

from __future__ import annotations

import torch
from torch import Tensor

from ebmbench import Noise


def triangle_index(sides: Tensor) -> Tensor:
    """K = (d_max - d_med) / d_min, the mean over triangles: 0 in an ultrametric space.

    At most 1, by the triangle inequality. Triangles with a side of 0 say nothing and are left
    out; NaN where none is left. Hed, Young and Domany 2004 (Phys. Rev. Lett. 92, 157201), who
    look at the distribution of K; here it is the mean.

    Args:
        sides: (R, T, 3), the sides of T triangles.

    Returns:
        (R,) float64.
    """
    least, median, most = sides.double().sort(dim=-1).values.unbind(-1)
    proper = least > 0
    k = torch.where(proper, (most - median) / least, 0.0)
    return k.sum(1) / proper.sum(1)  # 0 / 0 is NaN


def triangles(distances: Tensor, count: int, noise: Noise) -> Tensor:
    """The sides of triangles between three different of n points, drawn at random.

    Args:
        distances: (R, n, n), n at least 3.
        count: T, triangles drawn, with replacement.
        noise: the R streams to draw from.

    Returns:
        (R, T, 3).
    """
    a, b, c = different_points(distances.shape[1], count, noise).unbind(-1)
    flat, n = distances.flatten(1), distances.shape[1]
    return torch.stack([flat.gather(1, i * n + j) for i, j in ((a, b), (b, c), (c, a))], dim=-1)


def different_points(n: int, count: int, noise: Noise) -> Tensor:
    """Three different points of n, ``count`` times, (R, count, 3) int64."""
    first, second, third = noise.words(count, 3).unbind(-1)
    first, ahead, further = first % n, 1 + second % (n - 1), 1 + third % (n - 2)
    further = further + (further >= ahead)  # among the n - 2 offsets that are not ``ahead``
    return torch.stack([first, (first + ahead) % n, (first + further) % n], dim=-1)
