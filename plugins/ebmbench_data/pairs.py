"""Splits of square images that keep each image and its negative on one side."""

from __future__ import annotations

import torch
from torch import Tensor

from ebmbench import DataError, Noise, Splits
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
    return in_pairs(shuffled[:, held_out:], shuffled[:, :held_out], size, noise.replicas)


def in_pairs(train: Tensor, test: Tensor, size: int, replicas: int) -> Splits:
    """Images and their negatives; what is cut out of those to train on are whole pairs, too.

    Args:
        train: one of each pair to train on, (R, pairs, size^2), or (1, ...) the same for all.
        test: one of each pair to test on.
        size: images are size x size.
        replicas: R.
    """

    def cut(share: float, noise: Noise) -> Splits:
        pairs = train.shape[1]
        if pairs < 2:
            problem = "of a single image and its negative to train on none can be held out"
            raise DataError(f"{size}x{size} images", problem, "Raise 'size', or lower 'test'.")
        order, held_out = noise.permutation(pairs)[0], held_out_of(pairs, share)
        mine, others = train[:, order[held_out:]], train[:, order[:held_out]]
        return in_pairs(mine, others, size, replicas)

    to_train, to_test = (
        torch.cat([part, -part], dim=1).expand(replicas, -1, -1) for part in (train, test)
    )
    shape = (size, size)
    return Splits(to_train, to_test, shape, kept("top-row", shape, train.device), cut=cut)
