"""Independent draws of the square Ising model, row by row of the square."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ebmbench import Noise

LARGEST = 10  # a row of it has 1024 states, whose transfer matrix fits into a cache
AT_ONCE = 1 << 21  # probabilities held at a time

Matrix = NDArray[np.float64]


def independent_snapshots(size: int, beta: float, rows: int, noise: Noise) -> Tensor:
    """``rows`` draws from p for each stream, (R, rows, size^2) spins on the CPU.

    With T the transfer matrix of a row s, p(s_1) = (T^n)[s_1, s_1] / Z, and then
    p(s_t+1 | s_1, ..., s_t) ~ T[s_t, s_t+1] (T^(n-t))[s_t+1, s_1]: the square closes on itself.
    """
    uniform = _uniform(rows, size, noise)  # (R, rows, size)
    powers = transfer_powers(size, beta)
    flat = uniform.reshape(-1, size)
    at_once = max(1, AT_ONCE >> size)
    drawn = [_spins(_draw(powers, flat[i : i + at_once])) for i in range(0, len(flat), at_once)]
    return torch.from_numpy(np.concatenate(drawn)).reshape(noise.replicas, rows, size * size)


@lru_cache(maxsize=4)
def transfer_powers(size: int, beta: float) -> tuple[Matrix, ...]:
    """T^0 to T^size of T[s, s'] = exp(beta (s.s' + E(s) / 2 + E(s') / 2)) up to a factor.

    E(s) is the sum over neighbours in a row; the largest number of T is 1.
    """
    states = np.arange(2**size)
    s = 2.0 * (states[:, None] >> np.arange(size) & 1) - 1
    within = (s * np.roll(s, 1, axis=1)).sum(1)
    T = np.exp(beta * (s @ s.T + (within[:, None] + within) / 2 - 2 * size))
    powers = [np.eye(2**size)]
    for _ in range(size):
        powers.append(powers[-1] @ T)
    return tuple(powers)


def _draw(powers: tuple[Matrix, ...], uniform: Matrix) -> NDArray[np.int64]:
    """Codes (M, size) of rows, from numbers in [0, 1), (M, size)."""
    T, size = powers[1], uniform.shape[1]
    codes = np.empty(uniform.shape, np.int64)
    start = np.cumsum(powers[size].diagonal())
    codes[:, 0] = first = np.searchsorted(start, uniform[:, 0] * start[-1], side="right")
    for t in range(1, size):
        weight = T[codes[:, t - 1]] * powers[size - t][first]  # powers are symmetric
        upto = np.cumsum(weight, axis=1)
        codes[:, t] = (upto <= uniform[:, t : t + 1] * upto[:, -1:]).sum(1)
    return codes


def _spins(codes: NDArray[np.int64]) -> NDArray[np.int8]:
    """The rows of squares (M, size) as spins (M, size, size)."""
    bits = codes[..., None] >> np.arange(codes.shape[1]) & 1
    return 2 * bits.astype(np.int8) - 1


def _uniform(rows: int, columns: int, noise: Noise) -> Matrix:
    """Numbers in [0, 1), multiples of 2^-53, (R, rows, columns)."""
    words = noise.words(rows, 2 * columns).cpu().numpy()
    return ((words[..., ::2] << 21) + (words[..., 1::2] >> 11)) * 2.0**-53
