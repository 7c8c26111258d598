"""log 2cosh, what a hidden spin adds to a free energy."""

from __future__ import annotations

import torch
from torch import Tensor


def log_2cosh(x: Tensor) -> Tensor:
    """log 2cosh x = |x| + log1p(exp(-2|x|)), for any x: cosh overflows past 88 in float32.

    Not ``torch.logaddexp(x, -x)``: its last bit depends on where in memory an element stands, and
    a replica would not give the same numbers alone and in a block.
    """
    size = x.abs()
    return size + torch.log1p(torch.exp(-2 * size))
