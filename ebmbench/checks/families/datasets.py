"""Contracts of datasets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from ebmbench.checks.examples import Example
from ebmbench.checks.failure import NotApplicable, require
from ebmbench.checks.side_effects import global_generators_at_rest, nothing_written
from ebmbench.checks.trees import same, same_bits
from ebmbench.errors import DataError
from ebmbench.interfaces.dataset import Dataset, Splits
from ebmbench.numerics.noise import Noise
from ebmbench.numerics.trees import leaves

SEEDS = (3, 7, 11)
SHARE = 0.25  # of the training rows, that are cut out as tuning does
EPOCHS = 4  # whose rows are looked at


class SharedRows(NamedTuple):
    """How many test rows of a replica are training rows too.

    Attributes:
        rows: test rows.
        same: those that are training rows as they stand.
        negatives: others whose negative, all spins turned, is one.
    """

    rows: int
    same: int
    negatives: int

    @classmethod
    def of(cls, test: Tensor, train: Tensor) -> SharedRows:
        """Of test (M, V) and train (N, V)."""
        known = {row.numpy().tobytes() for row in train}
        same = [row.numpy().tobytes() in known for row in test]
        turned = [(-row).numpy().tobytes() in known for row in test]
        others = [it and not already for it, already in zip(turned, same, strict=True)]
        return cls(len(test), sum(same), sum(others))

    @property
    def share(self) -> float:
        """Of the test rows, those that are no news to a model without biases."""
        return (self.same + self.negatives) / self.rows

    def __str__(self) -> str:
        return (
            f"{self.same} of {self.rows} test rows ({self.same / self.rows:.1%}) are training rows "
            f"too, and {self.negatives} more are so with all spins turned"
        )


def shapes(example: Example) -> None:
    """train (R, N, V) and test (R, M, V), an image of V pixels, keep (V,), labels (R, N)."""
    data = loaded(example)
    _rows_fit(data)
    V = data.visible
    h, w = data.image
    require(h * w == V, f"an image of {h} x {w} has {h * w} pixels where V = {V}")
    require(
        data.keep.shape == (V,) and data.keep.dtype == torch.bool,
        f"keep is {tuple(data.keep.shape)} {data.keep.dtype}: ({V},) bool is asked for",
    )
    _labels_fit(data.train_labels, data.train, "train_labels")
    _labels_fit(data.test_labels, data.test, "test_labels")


def units(example: Example) -> str:
    """All rows are what the data's ``units`` say: spins, +1 or -1, unless they say otherwise."""
    data = loaded(example)
    _of_units(data)
    return str(data.units)


def held_out(example: Example) -> str:
    """Test rows, and their negatives, are no training rows, but for a share that is declared."""
    data, declared = loaded(example), example.build().shared_rows
    shared = _most_shared(data.test, data.train)
    require(
        shared.share <= declared,
        f"{shared}, where the dataset declares {declared:.0%}: what is held out is not. Usually "
        "the split is made of rows that repeat, or both sides are the same. Where it has to be so, "
        "declare it: 'shared_rows', with the reason beside it.",
    )
    return str(shared)


def replicas(example: Example) -> None:
    """A seed alone gives the rows that it gives in a block."""
    block, alone = loaded(example), loaded(example, SEEDS[1:2])
    mine, theirs = (_of_replica(block, 1), _of_replica(alone, 0))
    require(
        same(mine, theirs),
        f"the rows of seed {SEEDS[1]} alone differ from those in a block of "
        f"{len(SEEDS)}: draw from 'noise' only, an own stream per replica.",
    )


def same_seed(example: Example) -> None:
    """The same seeds give the same rows, whatever was loaded before."""
    first = loaded(example)
    loaded(example, (1, 2))
    require(
        same(_of_replica(first, 0), _of_replica(loaded(example), 0)),
        "the same seeds gave other "
        "rows the second time: draw from 'noise' only, and remember nothing.",
    )


def redraw(example: Example) -> None:
    """Rows that are drawn anew each epoch are of train's units and shape, from the noise alone."""
    data = loaded(example)
    if data.redraw is None:
        raise NotApplicable("its rows stay as they are")
    one, again = (data.redraw(Noise(SEEDS, "redraw")) for _ in range(2))
    require(
        one.shape == data.train.shape,
        f"redraw gives {tuple(one.shape)}, train is {tuple(data.train.shape)}",
    )
    fault = data.units.fault_of(one.flatten(0, 1))
    require(fault is None, f"what redraw gives {fault}")
    require(same_bits(one, again), "redraw gave other rows from the same streams the second time")
    alone = data.first_replica().redraw
    assert alone is not None
    require(
        same_bits(alone(Noise(SEEDS[:1], "redraw"))[0], one[0]),
        "redraw of the first replica alone gives other rows than in a block: draw from 'noise' "
        "only",
    )


def cut(example: Example) -> None:
    """What a dataset cuts out by itself is the same alone and in a block, and of train's kind."""
    data = loaded(example)
    if data.cut is None:
        raise NotApplicable("its rows keep their places")
    block, again, alone = (cut_out(loaded(example, seeds)) for seeds in (SEEDS, SEEDS, SEEDS[1:2]))
    _rows_fit(block)
    _of_units(block)
    require(
        same(_of_replica(block, 0), _of_replica(again, 0)),
        "cut gave other rows the second time: draw from the 'noise' it is given only",
    )
    fresh = [each.rows_of_epoch(Noise(SEEDS, "redraw")) for each in (block, again)]
    require(fresh[0].shape == block.train.shape, "after cut, redraw gives rows of another shape")
    mine = [*_of_replica(block, 1), fresh[0][1]]
    theirs = [*_of_replica(alone, 0), alone.rows_of_epoch(Noise(SEEDS[1:2], "redraw"))[0]]
    require(
        same(mine, theirs),
        f"what is cut out of the rows of seed {SEEDS[1]} alone differs from what is in a block of "
        f"{len(SEEDS)}: neither how many replicas there are nor what the others hold may count.",
    )


def validation(example: Example) -> str:
    """What is cut out of the training rows, as tuning does, comes back in no epoch, but a share."""
    data, declared = loaded(example), example.build().shared_rows
    held = cut_out(data)
    epochs = [held.rows_of_epoch(Noise(SEEDS, "redraw", epoch)) for epoch in range(EPOCHS)]
    known = torch.cat([held.train, *epochs], dim=1)
    shared = _most_shared(held.test, known)
    require(
        shared.share <= declared,
        f"of those that are cut out to validate with, {shared}, in one of {EPOCHS} epochs, where "
        f"the dataset declares {declared:.0%}. Usually 'redraw' gives other rows in a row's place, "
        "or rows belong together, as an image and its negative: give Splits a 'cut' that keeps "
        "them on one side.",
    )
    tested = _most_shared(data.test, torch.cat([held.test, known], dim=1))
    require(
        data.cut is None or tested.share <= declared,
        f"after cut, {tested}, or are validated with: what is cut out comes from the training rows",
    )
    return str(shared)


def listed_files(example: Example) -> None:
    """``files`` names existing files: what is in them is part of a result."""
    dataset: Dataset = example.build()
    loaded(example)
    for file in dataset.files():
        require(file.is_file(), f"files() names {file}, which does not exist")


def global_generators(example: Example) -> None:
    """The random generators of torch, numpy and Python stay where they are."""
    loaded(example)
    with global_generators_at_rest():
        loaded(example)


def writes(example: Example) -> None:
    """Nothing is written to the disk, but for fetched data in a cache."""
    loaded(example)
    with nothing_written():
        loaded(example)


CHECKS: dict[str, Callable[[Example], str | None]] = {
    "shapes": shapes,
    "units": units,
    "held-out": held_out,
    "replicas": replicas,
    "same-seed": same_seed,
    "redraw": redraw,
    "cut": cut,
    "validation": validation,
    "listed-files": listed_files,
    "global-generators": global_generators,
    "files": writes,
}


def loaded(example: Example, seeds: Sequence[int] = SEEDS) -> Splits:
    """The splits.

    Raises:
        NotApplicable: its files are not here.
    """
    try:
        splits: Splits = example.build().load(Noise(seeds, "data", "check"))
    except DataError as error:
        raise NotApplicable(f"it cannot be loaded here: {error}") from error
    return splits


def cut_out(data: Splits) -> Splits:
    """What is left where a share is held out.

    Raises:
        NotApplicable: there is too little.
    """
    if data.cut is None and data.train.shape[1] < 2:
        raise NotApplicable("of a single training row nothing can be cut out")
    try:
        return data.hold_out(SHARE, Noise(SEEDS[:1], "held out", "check"))
    except DataError as error:
        raise NotApplicable(f"nothing can be cut out: {error}") from error


def _most_shared(test: Tensor, train: Tensor) -> SharedRows:
    """Of the replica that shares most, (R, M, V) and (R, N, V)."""
    return max(map(SharedRows.of, test, train), key=lambda each: each.share)


def _rows_fit(data: Splits) -> None:
    R, V = len(SEEDS), data.visible
    for name, rows in (("train", data.train), ("test", data.test)):
        require(
            rows.dim() == 3
            and rows.shape[::2] == (R, V)
            and rows.shape[1] > 0
            and rows.dtype == torch.float32,
            f"{name} is {tuple(rows.shape)} {rows.dtype}: (R, N, V) float32 is asked for, with "
            f"R = {R} and V = {V} and at least one row. Share rows with expand(R, -1, -1).",
        )


def _of_units(data: Splits) -> None:
    for name, rows in (("train", data.train), ("test", data.test)):
        fault = data.units.fault_of(rows.flatten(0, 1))
        require(fault is None, f"{name} {fault}. Bits? 2 v - 1. Other units? Name them: 'units'.")


def _labels_fit(labels: Tensor | None, rows: Tensor, name: str) -> None:
    if labels is None:
        return
    require(
        labels.shape == rows.shape[:2]
        and labels.dtype == torch.int64
        and bool((labels >= 0).all()),
        f"{name} are {tuple(labels.shape)} {labels.dtype}: {tuple(rows.shape[:2])} int64 from 0 is "
        "asked for",
    )


def _of_replica(data: Splits, replica: int) -> list[Tensor]:
    rows = (data.train, data.test, data.train_labels, data.test_labels)
    return [each[replica] for each in leaves([each for each in rows if each is not None])]
