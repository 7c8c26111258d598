"""Which images are among others, and how many differ: exact, for all replicas at once.

Spins are packed, 64 to a word, and rows are told apart word by word: rows with the same label so
far and the same next word have the same label. Of a large set, such as the training images, only
the rows that agree with some row looked for are followed to the next word, most of them no
further than the first.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

BYTES = 8  # in a word


def among(v: Tensor, others: Tensor) -> Tensor:
    """Whether each row of ``v`` is a row of ``others`` of the same replica.

    Args:
        v: (R, N, V) spins.
        others: (R, M, V) spins.

    Returns:
        (R, N) bool.
    """
    words, their_words = packed(v), packed(others)
    replica, row = (index.flatten() for index in grid(*their_words.shape[:2]))
    label, their_label = grid(*words.shape[:2])[0], replica
    for at, word in enumerate(words.unbind(-1)):
        vocabulary, code = torch.unique(word, return_inverse=True)
        pairs, label = torch.unique(label * len(vocabulary) + code, return_inverse=True)
        their_code, known = looked_up(vocabulary, their_words[replica, row, at])
        their_label, met = looked_up(pairs, their_label * len(vocabulary) + their_code)
        replica, row, their_label = (each[known & met] for each in (replica, row, their_label))
    return torch.isin(label, their_label).to(v.device)


def distinct(v: Tensor) -> Tensor:
    """The number of different rows of ``v`` (R, N, V), (R,) int64."""
    words = packed(v)
    label = grid(*words.shape[:2])[0]
    for word in words.unbind(-1):
        vocabulary, code = torch.unique(word, return_inverse=True)
        label = torch.unique(label * len(vocabulary) + code, return_inverse=True)[1]
    return 1 + (label.sort(dim=1).values.diff(dim=1) != 0).sum(dim=1).to(v.device)


def packed(v: Tensor) -> Tensor:
    """Spins as bits, (R, N, V) -> (R, N, ceil(V / 64)) int64 on the CPU.

    Rows that all replicas share (expanded, not copied) are packed once.
    """
    own = v[:1] if v.stride(0) == 0 else v
    bits = np.packbits((own > 0).cpu().numpy(), axis=-1)  # (R, N, ceil(V / 8))
    padding = -bits.shape[-1] % BYTES
    words = np.pad(bits, ((0, 0), (0, 0), (0, padding))).view(np.int64)
    return torch.from_numpy(words).expand(len(v), -1, -1)


def grid(replicas: int, rows: int) -> tuple[Tensor, Tensor]:
    """Each row's replica and its place there, two (replicas, rows) int64."""
    replica, row = torch.arange(replicas).unsqueeze(1), torch.arange(rows)
    return replica.expand(-1, rows), row.expand(replicas, -1)


def looked_up(known: Tensor, wanted: Tensor) -> tuple[Tensor, Tensor]:
    """Where each of ``wanted`` (M,) stands in ``known``, sorted, and whether it does."""
    at = torch.searchsorted(known, wanted).clamp_(max=len(known) - 1)
    return at, known[at] == wanted
