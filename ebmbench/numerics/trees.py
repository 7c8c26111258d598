"""Trees of tensors, such as a sampler's state."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor


def leaves(tree: Any) -> Iterator[Tensor]:
    """The tensors of tuples, lists, mappings and dataclasses, in order; arrays as tensors."""
    if isinstance(tree, Tensor):
        yield tree
    elif isinstance(tree, np.ndarray):
        yield torch.from_numpy(tree)
    elif isinstance(tree, int | float | bool):
        yield torch.tensor(tree)
    elif isinstance(tree, Mapping):
        for value in tree.values():
            yield from leaves(value)
    elif isinstance(tree, tuple | list):
        for value in tree:
            yield from leaves(value)
    elif is_dataclass(tree):
        for each in fields(tree):
            yield from leaves(getattr(tree, each.name))
