"""The step of plain SGD, x <- x - lr (d - n), in one compiled pass over memory.

The same bits as torch's, without its terms one by one and what surrounds them: of a model that fits
the cache that was most of a step.
"""

from __future__ import annotations

from functools import partial

import numpy as np
import torch
from torch import Tensor

from ebmbench.numerics.compiled import kept, njit
from ebmbench.numerics.philox import fma
from ebmbench.numerics.threads import cut, in_parallel, thread_count

PIECE = 1 << 16  # numbers below which a second thread does not pay


def fits(parameter: Tensor) -> bool:
    """Whether a parameter can be stepped so."""
    here = parameter.device.type == "cpu" and parameter.dtype == torch.float32
    return here and parameter.is_contiguous()


def sgd_step(parameter: Tensor, data: Tensor, negative: Tensor, lr: float) -> None:
    """Step a parameter, in place, along the two phases of its gradient, all of one shape."""
    arrays = [each.detach().reshape(-1).numpy() for each in (parameter, data, negative)]
    pieces = min(thread_count(), 1 + parameter.numel() // PIECE)
    in_parallel(
        [
            partial(fill_step, *(each[part.start : part.stop] for each in arrays), np.float32(lr))
            for part in cut(parameter.numel(), pieces)
        ]
    )


@kept
@njit(nogil=True)
def fill_step(x, d, n, lr):  # type: ignore[no-untyped-def]
    """x - lr (d - n) into ``x``, all 1-d float32; the product and its difference rounded once."""
    for index in range(len(x)):
        x[index] = fma(-lr, d[index] - n[index], x[index])
