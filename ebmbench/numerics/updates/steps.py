"""The steps of SGD and Adam in one compiled pass over memory, for whoever updates parameters.

The same bits as those of ``torch.optim``, without its terms one by one and what surrounds them: of
a model that fits the cache that was most of a step. Adam's are those of torch's fused form; its
terms one by one are a rounding away.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ebmbench.numerics.compiled import kept, njit
from ebmbench.numerics.philox import fma

Numbers = NDArray[np.float64]
"""What a step is made with, (parameters, n): a row for each, which begins with its kind."""

SGD, ADAM = 0, 1
F32 = np.float32


@lru_cache(maxsize=4)  # they change with the learning rate only, once an epoch at most
def sgd_numbers(
    lr: float,
    first: bool,
    weight_decays: tuple[float, ...],
    momentum: float = 0.0,
    dampening: float = 0.0,
    nesterov: bool = False,
) -> Numbers:
    """SGD, with torch's options; ``first`` says whether it is the first step of all."""
    rest = momentum, 1.0 if first else 1 - dampening, nesterov
    return np.array([(SGD, lr, weight_decay, *rest) for weight_decay in weight_decays], float)


def adam_numbers(
    lr: float,
    count: int,
    weight_decays: tuple[float, ...],
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
) -> Numbers:
    """Adam (Kingma and Ba 2015), with torch's options; biases corrected as of ``count`` steps."""
    (mean, square), root = betas, math.sqrt(1 - betas[1] ** count)
    lr_now, rest = lr / (1 - mean**count), (1 - mean, square, 1 - square, root, eps)
    return np.array([(ADAM, lr_now, weight_decay, *rest) for weight_decay in weight_decays], float)


@kept
@njit(nogil=True)
def take_step(x, d, n, m, v, numbers):  # type: ignore[no-untyped-def]
    """Step ``x`` in place along d - n, all 1-d float32.

    Args:
        m, v: what is remembered of each element, zeros at first; SGD looks at m alone and only with
            momentum, and what is not looked at may be empty.
        numbers: of this step, this parameter's row.
    """
    if numbers[0] == ADAM:
        take_adam_step(x, d, n, m, v, numbers)
    elif numbers[3] != 0.0:
        take_momentum_step(x, d, n, m, numbers)
    else:
        lr, weight_decay = F32(numbers[1]), F32(numbers[2])
        for index in range(len(x)):
            slope = d[index] - n[index]
            if weight_decay != F32(0.0):
                slope = fma(x[index], weight_decay, slope)
            x[index] = fma(-lr, slope, x[index])


@njit(nogil=True)
def take_momentum_step(x, d, n, m, numbers):  # type: ignore[no-untyped-def]
    """SGD with momentum, Nesterov's or plain."""
    lr, weight_decay, momentum = F32(numbers[1]), F32(numbers[2]), F32(numbers[3])
    kept_share, nesterov = F32(numbers[4]), numbers[5] != 0.0
    for index in range(len(x)):
        slope = d[index] - n[index]
        if weight_decay != F32(0.0):
            slope = fma(x[index], weight_decay, slope)
        m[index] = fma(kept_share, slope, momentum * m[index])
        along = fma(momentum, m[index], slope) if nesterov else m[index]
        x[index] = fma(-lr, along, x[index])


@njit(nogil=True, error_model="numpy")
def take_adam_step(x, d, n, m, v, numbers):  # type: ignore[no-untyped-def]
    """Adam."""
    lr, weight_decay = F32(numbers[1]), F32(numbers[2])
    new, square, new_square = F32(numbers[3]), F32(numbers[4]), F32(numbers[5])
    root, eps = F32(numbers[6]), F32(numbers[7])
    for index in range(len(x)):
        slope = d[index] - n[index]
        if weight_decay != F32(0.0):
            slope = fma(x[index], weight_decay, slope)
        # Towards the newest from the nearer end, as torch does.
        coefficient = new if new < F32(0.5) else new - F32(1.0)
        mean = fma(coefficient, slope - m[index], m[index] if new < F32(0.5) else slope)
        variance = fma(new_square * slope, slope, v[index] * square)
        x[index] -= lr * mean / (F32(math.sqrt(variance)) / root + eps)
        m[index], v[index] = mean, variance
