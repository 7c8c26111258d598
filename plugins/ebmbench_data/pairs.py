"""Splits of square images that keep each image and its negative on one side."""

from __future__ import annotations

import torch
from torch import Tensor

from ebmbench import Noise, Splits


def split_pairs(images: Tensor, size: int, test: float, noise: Noise) -> Splits:
    """A random split of ``images`` and their negatives, another one for each replica.

    Without biases F(v) = F(-v): a negative in the test set of an image in the training set would
    be learned for nothing.

    Args:
        images: one of each pair, (pairs, size^2).
        size: images are size x size.
        test: the share of pairs held out; at least one pair stays on either side.
        noise: one stream per replica.
    """
    pairs = len(images)
    held_out = min(max(round(test * pairs), 1), pairs - 1)
    order = noise.permutation(pairs)  # (R, pairs)
    shuffled = images.to(noise.device)[order]  # (R, pairs, V)
    both = [
        torch.cat([part, -part], dim=1) for part in (shuffled[:, held_out:], shuffled[:, :held_out])
    ]
    return Splits(both[0], both[1], (size, size), keep_top_row(size, noise.device))


def keep_top_row(size: int, device: torch.device) -> Tensor:
    """(size^2,) bool: the pixels of the first row."""
    return torch.arange(size * size, device=device) < size
