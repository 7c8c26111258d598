"""Splits of square images that keep each image and its negative on one side."""

from __future__ import annotations

import torch
from torch import Tensor

from ebmbench import Noise, Splits
from ebmbench_data.image_shape import kept
from ebmbench_data.split import Split, held_out_of, random_order


def split_pairs(images: Tensor, size: int, test: float, split: Split, noise: Noise) -> Splits:
    """A random split of ``images`` and their negatives: each replica's own, or one for all.

    Without biases F(v) = F(-v): a negative in the test set of an image in the training set would
    be learned for nothing.

    Args:
        images: one of each pair, (pairs, size^2).
        size: images are size x size.
        test: the share of pairs held out; at least one pair stays on either side.
        split: ``random``, or ``shared`` for the same in all replicas.
        noise: one stream per replica.
    """
    pairs = len(images)
    held_out = held_out_of(pairs, test)
    order = random_order(pairs, split, noise)  # (R, pairs), or (1, pairs)
    shuffled = images.to(noise.device)[order]  # (R, pairs, V)
    train, held = (
        torch.cat([part, -part], dim=1).expand(noise.replicas, -1, -1)
        for part in (shuffled[:, held_out:], shuffled[:, :held_out])
    )
    shape = (size, size)
    return Splits(train, held, shape, kept("top-row", shape, noise.device))
