"""What a dataset must have loaded before anything is trained on it."""

from __future__ import annotations

import torch
from torch import Tensor

from ebmbench.interfaces.dataset import Splits
from ebmbench.numerics.units.units import Units

PART = 4096  # rows that are looked at together


def fault_of(splits: Splits, replicas: int) -> str | None:
    """Why nothing can be trained on what a dataset loaded for so many replicas; None if it can.

    Its values are looked at in the first replica.
    """
    if not isinstance(splits.units, Units):
        return f"units are a {type(splits.units).__name__}, not Units"
    width = splits.train.shape[-1] if isinstance(splits.train, Tensor) and splits.train.dim() else 0
    sides = (
        _fault_of_rows(rows, replicas, width, splits.units) for rows in (splits.train, splits.test)
    )
    for name, fault in zip(("train", "test"), sides, strict=True):
        if fault:
            return f"{name} {fault}"
    if tuple(splits.keep.shape) != (width,) or splits.keep.dtype != torch.bool:
        told = f"{tuple(splits.keep.shape)} {splits.keep.dtype}"
        return f"keep is {told}, not ({width},) bool: a place for each visible unit"
    height, columns = splits.image
    if height * columns != width:
        return f"the image has {height} x {columns} pixels, where rows have {width} units"
    return None


def _fault_of_rows(rows: object, replicas: int, width: int, units: Units) -> str | None:
    if not isinstance(rows, Tensor):
        return f"is a {type(rows).__name__}, not a tensor (R, N, V)"
    if rows.dim() != 3 or rows.shape[0] != replicas or rows.shape[2] != width or not rows.numel():
        return f"is {tuple(rows.shape)}, not ({replicas}, N, {width}) with at least one row"
    if rows.dtype != torch.float32:
        return f"is {rows.dtype}, not torch.float32"
    return next(filter(None, map(units.fault_of, torch.split(rows[0], PART))), None)
