"""The small digits that scikit-learn brings along."""

from __future__ import annotations

from functools import cache

import torch

from ebmbench import Dataset, Noise, Splits
from ebmbench_data.grey import Grey
from ebmbench_data.images import splits_of
from ebmbench_data.split import SplitOptions, split_images
from ebmbench_data.subset import of_labels


class Digits(Dataset):
    """Handwritten digits, 1797 images of 8x8 in 17 grey levels; scikit-learn ships them.

    Alpaydin and Kaynak 1998 (UCI, optical recognition of handwritten digits, its test part). No
    split is published: each seed has its own, unless ``split: shared``.
    """

    name = "digits"
    cites = ("alpaydin1998",)
    shared_rows = 0.05  # at a threshold, 3 % of the images differ from others in no pixel

    class Options(SplitOptions):
        pass

    def load(self, noise: Noise) -> Splits:
        grey = of_labels(embedded_digits(), self.options.labels, self.name)
        train, test = split_images(grey, self.options, noise, self.name)
        return splits_of(train, test, (8, 8), self.options, noise, self.name)


@cache
def embedded_digits() -> Grey:
    """All images, (1, 1797, 64) uint8 up to 16, and their labels."""
    from sklearn.datasets import load_digits  # takes a second to import

    found = load_digits()
    levels = torch.from_numpy(found.data).to(torch.uint8)
    return Grey(levels[None], 16, torch.from_numpy(found.target).long()[None])
