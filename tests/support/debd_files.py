"""Small sets of bits in the format of the density-estimation collection."""

from __future__ import annotations

import gzip

import numpy as np

ROWS = {"train": 11, "valid": 5, "test": 7}
V = 13


def bits(side, rows=ROWS, columns=V):
    """Random rows of a side, (N, V)."""
    return np.random.default_rng(list(ROWS).index(side)).integers(0, 2, (rows[side], columns))


def text(table):
    """The table as the collection writes it."""
    return "".join(",".join(map(str, row)) + "\n" for row in table)


def write_set(folder, train="train", packed=False, rows=ROWS, columns=V):
    """The three files of nltcs in a folder; the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for side in ROWS:
        content = text(bits(side, rows, columns)).encode()
        file = folder / f"nltcs.{train if side == 'train' else side}.data{'.gz' * packed}"
        file.write_bytes(gzip.compress(content) if packed else content)
    return folder
