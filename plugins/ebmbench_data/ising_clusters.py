"""Cluster updates of the square Ising model (Swendsen and Wang 1987, Phys. Rev. Lett. 58, 86)."""

from __future__ import annotations

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ebmbench import Noise
from ebmbench.numerics import kept, njit, philox
from ebmbench_data.joined import find, unite

Spins = NDArray[np.int8]


def cluster_snapshots(
    size: int, beta: float, rows: int, chains: int, warm_up: int, between: int, noise: Noise
) -> Tensor:
    """``rows`` configurations of each stream's ``chains``, (R, rows, size^2) spins on the CPU.

    Every update takes as many numbers, whatever clusters there are: a stream's rows do not depend
    on the others'. (Wolff's, of one cluster, would not have it so.)
    """
    s = np.ones((noise.replicas, chains, size, size), np.int8)
    taken: list[Spins] = []
    while len(taken) * chains < rows:
        for _ in range(between if taken else warm_up):
            update(s, beta, noise)
        taken.append(s.copy())
    return torch.from_numpy(np.concatenate(taken, axis=1)[:, :rows].reshape(len(s), rows, -1))


def update(s: Spins, beta: float, noise: Noise) -> None:
    """An update of all chains in place, (R, chains, size, size): each cluster is up or down anew.

    Equal neighbours are bound with probability 1 - exp(-2 beta).
    """
    step, size = np.uint64(noise.advance()), s.shape[-1]
    below = np.uint32(min(round(-math.expm1(-2 * beta) * 2**32), 2**32 - 1))
    words = np.empty((1, s.shape[1], 3 * size * size), np.uint32)
    for replica in range(len(s)):
        philox.fill_words(noise.keys[replica : replica + 1], step, words)
        turn_clusters(s[replica], words[0], below)


@kept
@njit(nogil=True)
def turn_clusters(s, words, below):  # type: ignore[no-untyped-def]
    """Bind neighbours of ``s`` (chains, n, n) and draw each cluster's spin.

    Args:
        words: (chains, 3 n n) uint32: for the bonds to the right, for those downwards, and for the
            spins of clusters.
        below: the words that bind.
    """
    chains, n, _ = s.shape
    V = n * n
    root = np.empty(V, np.int64)
    for chain in range(chains):
        spins, drawn = s[chain], words[chain]
        for site in range(V):
            root[site] = site
        for row in range(n):
            for column in range(n):
                site = row * n + column
                right, down = (column + 1) % n, (row + 1) % n
                if spins[row, column] == spins[row, right] and drawn[site] < below:
                    unite(root, site, row * n + right)
                if spins[row, column] == spins[down, column] and drawn[V + site] < below:
                    unite(root, site, down * n + column)
        for site in range(V):
            up = drawn[2 * V + find(root, site)] >> np.uint32(31)
            spins[site // n, site % n] = 1 if up else -1
