"""A small set of the collection's kind, of random bits: to check the dataset without its files."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np


def write_example(folder: Path) -> None:
    """Write a set of random bits: 19, 5 and 11 rows of 13 columns."""
    rng = np.random.default_rng(1)  # no row is another or its negative
    folder.mkdir(parents=True, exist_ok=True)
    for side, rows in (("train", 19), ("valid", 5), ("test", 11)):
        lines = [",".join(map(str, row)) for row in rng.integers(0, 2, (rows, 13))]
        content = "".join(f"{line}\n" for line in lines).encode()
        (folder / f"coins.{side}.data").write_bytes(content)
    packed = folder / "coins.valid.data"
    packed.with_name("coins.valid.data.gz").write_bytes(gzip.compress(packed.read_bytes()))
    packed.unlink()
