"""A small set of IDX files, of random images: to check a dataset without fetching it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ebmbench_data.idx_set import NAMES

TRAIN, TEST, SHAPE = 19, 11, (5, 3)


def write_example(folder: Path) -> None:
    """Write the four files, images of 5 x 3 pixels with labels 0, 1 and 2."""
    rng = np.random.default_rng(0)
    arrays = [
        array
        for n in (TRAIN, TEST)
        for array in (rng.integers(0, 256, (n, *SHAPE)), np.arange(n) % 3)
    ]
    for name, array in zip(NAMES, arrays, strict=True):
        (folder / name).write_bytes(idx_bytes(array.astype(np.uint8)))


def idx_bytes(array: NDArray[np.uint8]) -> bytes:
    """What an IDX file of these numbers holds."""
    header = [0x0800 + array.ndim, *array.shape]
    return np.array(header, ">u4").tobytes() + array.tobytes()
