"""Which units couple, and hence which can be drawn together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

import torch
from torch import Tensor

Mask = Literal["full", "bipartite", "deep"]


class Wiring(NamedTuple):
    """The graph of U = V + H units, the visible ones first.

    Attributes:
        mask: (U, U) bool, the pairs that couple: symmetric, False on the diagonal.
        blocks: indices of units that do not couple among themselves, in the order of a sweep:
            those with hidden units first. Together they are all units, each once.
        visible: V.
    """

    mask: Tensor
    blocks: tuple[Tensor, ...]
    visible: int

    @property
    def hidden_blocks(self) -> list[Tensor]:
        """The blocks without their visible units, empty ones left out."""
        parts = [block[block >= self.visible] for block in self.blocks]
        return [part for part in parts if len(part)]

    @property
    def pairs(self) -> tuple[Tensor, Tensor]:
        """i < j of the P pairs that couple, row by row, (P,) each."""
        i, j = torch.nonzero(self.mask.triu(), as_tuple=True)
        return i, j

    @property
    def inner(self) -> Tensor:
        """The largest set of hidden units that do not couple: given all others, independent."""
        return max(self.hidden_blocks, key=len)

    @property
    def outer(self) -> Tensor:
        """The other hidden units."""
        hidden = torch.arange(self.visible, len(self.mask), device=self.mask.device)
        return hidden[~torch.isin(hidden, self.inner)]


def wire(mask: Mask, visible: int, layers: Sequence[int], device: torch.device) -> Wiring:
    """The wiring of a mask.

    full: every pair couples, and each unit is a block. bipartite, deep: only neighbouring layers
    couple, so all odd layers are a block and all even ones another.
    """
    sizes = torch.tensor([visible, *layers])
    layer = torch.repeat_interleave(torch.arange(len(sizes)), sizes).to(device)
    units = torch.arange(len(layer), device=device)
    if mask == "full":
        order = torch.cat([units[visible:], units[:visible]])
        all_pairs = ~torch.eye(len(units), dtype=torch.bool, device=device)
        return Wiring(all_pairs, torch.split(order, 1), visible)
    neighbours = (layer.unsqueeze(1) - layer).abs() == 1
    return Wiring(neighbours, (units[layer % 2 == 1], units[layer % 2 == 0]), visible)
