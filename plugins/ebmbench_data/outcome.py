"""What becomes of images as spins: some that nobody can learn from, and rows that are the same."""

from __future__ import annotations

import torch
from torch import Tensor

from ebmbench import DataError
from ebmbench_data.binarize import Binarize
from ebmbench_data.grey import Grey


def looks(grey: Grey, binarize: Binarize) -> Tensor:
    """(N, V) of the first replica: up or not at a threshold, else the levels."""
    levels = grey.levels[0]
    return levels > binarize.at * grey.white if binarize.rule == "threshold" else levels


def all_alike(grey: Grey, binarize: Binarize) -> bool:
    """Whether all images become the same row of spins."""
    rows = looks(grey, binarize)
    if not bool((rows == rows[:1]).all()):
        return False
    drawn = binarize.rule == "bernoulli"
    return not drawn or bool(((rows[0] == 0) | (rows[0] == grey.white)).all())


def not_all_alike(train: Grey, test: Grey, binarize: Binarize, place: str) -> None:
    """Refuse a dataset in which all images become the same row of spins.

    Raises:
        DataError: they do; ``place`` says where they come from.
    """
    if not (all_alike(train, binarize) and all_alike(test, binarize)):
        return
    if torch.equal(looks(train, binarize)[0], looks(test, binarize)[0]):
        low = min(float(grey.levels.min()) for grey in (train, test))
        high = max(float(grey.levels.max()) for grey in (train, test))
        raise DataError(place, *_one_image(low, high, train.white, binarize))


def _one_image(low: float, high: float, white: float, binarize: Binarize) -> tuple[str, str]:
    """The problem and its remedy."""
    problem = f"all images become one and the same: their numbers are {low:g} to {high:g}"
    if binarize.rule != "threshold" or low == high:
        return problem, "Give images that differ."
    cut = f"a spin is up above {binarize.at * white:g}, {binarize.at:g} of full scale, {white:g}"
    at = (low + high) / 2 / white
    return f"{problem}, and {cut}", f"'binarize: {{at: {at:.2g}}}' would lie between."


def constant_columns(rows: Tensor) -> list[int]:
    """The columns that are the same in every row."""
    same = (rows == rows[:1]).all(dim=0)
    return [int(column) for column in same.nonzero().flatten()]


def twins(rows: Tensor, others: Tensor | None = None) -> list[tuple[int, int]]:
    """Rows that are among the others, or before themselves: (its number, the other's number)."""
    seen: dict[bytes, int] = {}
    for number, key in enumerate(() if others is None else _keys(others)):
        seen.setdefault(key, number)
    found = []
    for number, key in enumerate(_keys(rows)):
        if key in seen:
            found.append((number, seen[key]))
        elif others is None:
            seen[key] = number
    return found


def _keys(rows: Tensor) -> list[bytes]:
    return [row.tobytes() for row in rows.numpy()]
