"""IDX files: images and labels as MNIST comes.

Big-endian: two zero bytes, the type (8: unsigned byte), the number of axes, the length of each
axis as 32 bits, then the numbers (LeCun, Cortes and Burges 1998). Gzip or plain.
"""

from __future__ import annotations

import gzip
import zlib
from math import prod
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ebmbench import DataError
from ebmbench_data.kind_of_file import and_is
from ebmbench_data.unchanged import read_once

GZIP = b"\x1f\x8b"
KINDS = {0x0803: "images", 0x0801: "labels"}
REMEDY = "Get the file again."


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
    content = _content(file)
    magic = int.from_bytes(content[:4], "big")
    if KINDS.get(magic) != kind:
        problem = f"not an IDX file of {kind} (its magic number is 0x{magic:08x}){and_is(content)}"
        raise DataError(str(file), problem, "Check that no files are exchanged.")
    start = 4 + 4 * (magic & 0xFF)
    shape = np.frombuffer(content[4:start].ljust(start - 4, b"\0"), ">u4").tolist()
    if prod(shape) != len(content) - start:
        problem = f"{len(content)} bytes, where its header promises {start + prod(shape)}"
        raise DataError(str(file), problem, REMEDY)
    return torch.from_numpy(np.frombuffer(content, np.uint8, offset=start).copy()).view(shape)


def _content(file: Path) -> bytes:
    """What the file holds, unpacked."""
    try:
        content = file.read_bytes()
        return gzip.decompress(content) if content.startswith(GZIP) else content
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(str(file), f"its gzip is broken ({error})", REMEDY) from error
