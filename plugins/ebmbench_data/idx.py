"""IDX files: images and labels as MNIST comes.

Big-endian: two zero bytes, the type (8: unsigned byte), the number of axes, the length of each
axis as 32 bits, then the numbers (LeCun, Cortes and Burges 1998). Gzip or plain.
"""

from __future__ import annotations

from math import prod
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ebmbench import DataError
from ebmbench_data.kind_of_file import and_is
from ebmbench_data.packed import AGAIN, content_of
from ebmbench_data.unchanged import read_once

KINDS = {0x0803: "images", 0x0801: "labels"}


@read_once
def read_images(file: Path) -> Tensor:
    """(N, height, width) uint8.

    Raises:
        DataError: the file cannot be read, or is no IDX file of images.
    """
    return _read(file, "images")


@read_once
def read_labels(file: Path) -> Tensor:
    """(N,) int64.

    Raises:
        DataError: the file cannot be read, or is no IDX file of labels.
    """
    return _read(file, "labels").long()


def _read(file: Path, kind: str) -> Tensor:
    content = content_of(file)
    magic = int.from_bytes(content[:4], "big")
    if KINDS.get(magic) != kind:
        problem = f"not an IDX file of {kind} (its magic number is 0x{magic:08x}){and_is(content)}"
        raise DataError(str(file), problem, "Check that no files are exchanged.")
    start = 4 + 4 * (magic & 0xFF)
    shape = np.frombuffer(content[4:start].ljust(start - 4, b"\0"), ">u4").tolist()
    if prod(shape) != len(content) - start:
        problem = f"{len(content)} bytes, where its header promises {start + prod(shape)}"
        raise DataError(str(file), problem, AGAIN)
    return torch.from_numpy(np.frombuffer(content, np.uint8, offset=start).copy()).view(shape)
