"""Where the chains of a metric start."""

from __future__ import annotations

from typing import Literal

from torch import Tensor

from ebmbench import Noise, View

Start = Literal["random", "train"]


def starts(view: View, start: Start, chains: int) -> Tensor:
    """Fair coins, or training images drawn with replacement, (R, chains, V)."""
    if start == "random":
        return view.noise.coins(chains, view.model.visible)
    return drawn(view.data.train, chains, view.noise)


def drawn(v: Tensor, count: int, noise: Noise) -> Tensor:
    """So many rows of ``v`` (R, N, V), drawn with replacement, (R, count, V)."""
    chosen = noise.words(1, count).squeeze(1) % v.shape[1]  # (R, count)
    return v.gather(1, chosen.unsqueeze(-1).expand(-1, -1, v.shape[-1]))
