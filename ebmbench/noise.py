"""Noise: one counter-based stream of random numbers per replica and purpose."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor

from ebmbench import philox, philox_tensor
from ebmbench.seeds import derive


class Noise:
    """Random numbers for R replicas, each from its own Philox4x32-10 stream.

    A replica's numbers depend on its seed and the purpose only, never on the other replicas, so
    a replica trained alone and the same replica in a block draw the same numbers. Each draw moves
    all streams on by one ``step``; the numbers of a step are addressed by row and column.

    Args:
        seeds: the R replicas' seeds.
        purpose: names that tell this stream from the others of the same seed.
        device: where drawn tensors live. The words are the same on every device.
    """

    def __init__(
        self, seeds: Sequence[int], *purpose: str | int, device: str | torch.device = "cpu"
    ) -> None:
        self.keys = np.array([derive(seed, *purpose) for seed in seeds], np.uint64)
        self.device = torch.device(device)
        self.step = 0

    @property
    def replicas(self) -> int:
        """R, the number of replicas."""
        return len(self.keys)

    def words(self, rows: int, columns: int) -> Tensor:
        """Uniform 32-bit words, (R, rows, columns) int64 in [0, 2^32)."""
        if self.device.type != "cpu":
            return philox_tensor.words(self.keys, self.advance(), (rows, columns), self.device)
        out = np.empty((self.replicas, rows, columns), np.uint32)
        philox.fill_words(self.keys, np.uint64(self.advance()), out)
        return torch.from_numpy(out.astype(np.int64))

    def uniform(self, rows: int, columns: int) -> Tensor:
        """Uniform numbers in [0, 1), (R, rows, columns) float32, multiples of 2^-24."""
        return (self.words(rows, columns) >> 8).float() * 2.0**-24

    def normal(self, rows: int, columns: int) -> Tensor:
        """Standard normal numbers, (R, rows, columns) float32."""
        out = np.empty((self.replicas, rows, columns), np.float32)
        philox.fill_normals(self.keys, np.uint64(self.advance()), out)
        return torch.from_numpy(out).to(self.device)

    def coins(self, rows: int, columns: int) -> Tensor:
        """Fair spins, +1 or -1, (R, rows, columns) float32."""
        return self.spins(torch.zeros(self.replicas, rows, columns, device=self.device))

    def spins(self, field: Tensor, beta: float = 1.0, step: ArrayLike = 1.0) -> Tensor:
        """Spins given the field on them: +1 with probability sigmoid(2 beta step field), else -1.

        Args:
            field: (R, N, M), the field on each unit.
            beta: inverse temperature.
            step: what a field of 1 is worth, a number or (R,).

        Returns:
            (R, N, M) float32 of +1 and -1. The draw is made on 32-bit integers and is exact to
            2^-32 in both tails.
        """
        scale = np.broadcast_to(philox.draw_scale(step, beta), self.replicas)
        if self.device.type != "cpu":
            words = philox_tensor.words(self.keys, self.advance(), field.shape[1:], self.device)
            odds = field.detach().float() * torch.from_numpy(scale.copy()).to(self.device).view(
                -1, 1, 1
            )
            return philox_tensor.spins(odds, words)
        x = np.ascontiguousarray(field.detach().to(torch.float32).numpy())
        out = np.empty_like(x)
        philox.fill_spins(self.keys, np.uint64(self.advance()), x, scale, out)
        return torch.from_numpy(out)

    def permutation(self, n: int) -> Tensor:
        """A random order of n things for each replica, (R, n) int64."""
        return self.words(1, n).squeeze(1).argsort(dim=-1, stable=True)

    def advance(self, draws: int = 1) -> int:
        """Move on by so many draws, for a kernel that makes them itself; the first one's step."""
        step = self.step
        self.step += draws
        return step
