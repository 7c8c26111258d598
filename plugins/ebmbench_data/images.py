"""What all datasets of grey images have in common: their options, and the way to spins."""

from __future__ import annotations

from pydantic import Field

from ebmbench import Noise, Splits
from ebmbench_data.binarize import Binarize
from ebmbench_data.grey import Grey
from ebmbench_data.image_shape import Keep, Shape, kept
from ebmbench_data.outcome import not_all_alike
from ebmbench_data.subset import Subset, first


class ImageOptions(Subset):
    """Which images are taken, how they become spins, and what a reconstruction is given."""

    binarize: Binarize = Field(Binarize(), description="How grey levels become spins")
    keep: Keep = Field(
        "top-half",
        description="The pixels that a reconstruction is given: the upper half, the left half "
        "or the first row",
    )


def splits_of(
    train: Grey, test: Grey, shape: Shape, options: ImageOptions, noise: Noise, place: str
) -> Splits:
    """Spins of grey images, or their levels, for the noise's R replicas.

    Raises:
        DataError: more images are asked for than there are, or all become the same spins.
    """
    train = first(train, options.train, "train", place).on(noise.device)
    test = first(test, options.test, "test", place).on(noise.device)
    not_all_alike(train, test, options.binarize, place)
    binarize, replicas = options.binarize, noise.replicas
    return Splits(
        train=binarize.rows(train, noise),
        test=binarize.rows(test, noise),
        image=shape,
        keep=kept(options.keep, shape, noise.device),
        train_labels=train.shared_by(replicas).labels,
        test_labels=test.shared_by(replicas).labels,
        redraw=binarize.redraw(train),
        units=binarize.units,
    )
