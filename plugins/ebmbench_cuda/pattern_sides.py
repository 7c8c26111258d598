"""A model's patterns as its sweeps read them where fields go by patterns, W never formed."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import pad

from ebmbench.numerics import FactoredFixedPoint, FixedPoint
from ebmbench_cuda.digits import Digits


class PatternSide(NamedTuple):
    """What a half step needs of patterns: those that are compared, and those that are added up.

    Attributes:
        planes: the given layer's, (digits, R, K with padding, sources) int8, lowest digit first.
        numbers: the drawn layer's, (R, K, targets) float32, each a whole number. Padded with 0.
    """

    planes: Tensor
    numbers: Tensor

    @property
    def sources(self) -> int:
        """Units of the layer that is given, with padding."""
        return self.planes.shape[3]

    @property
    def targets(self) -> int:
        """Units of the layer that is drawn, with padding."""
        return self.numbers.shape[2]

    def clone(self) -> PatternSide:
        """A copy in memory of its own."""
        return PatternSide(self.planes.clone(), self.numbers.clone())


class PatternDigits(NamedTuple):
    """Patterns in fixed point without the zeros at their end, each layer's as :class:`Digits`.

    Attributes:
        visible, hidden: of xi_v and xi_h, (R, K, units).
        step: (R,) float64, what a field of 1 is worth.
    """

    visible: Digits
    hidden: Digits
    step: Tensor

    @classmethod
    def of(cls, fields: FactoredFixedPoint, recorded: bool) -> PatternDigits:
        """As many digits as needed; all where a sweep is recorded, as nothing may be looked at."""
        lay_out = Digits.all_of if recorded else Digits.of
        ones = torch.ones_like(fields.step)
        visible, hidden = (
            lay_out(FixedPoint(xi, None, None, ones)) for xi in (fields.xi_v, fields.xi_h)
        )
        return cls(visible, hidden, fields.step * visible.step * hidden.step)

    def to_hidden(self, sizes: tuple[int, int], patterns: int) -> PatternSide:
        """For the draw of h given v; ``sizes`` is (V, H), and K is ``patterns``, with padding."""
        return _side(self.visible, self.hidden, sizes, patterns)

    def to_visible(self, sizes: tuple[int, int], patterns: int) -> PatternSide:
        """For the draw of v given h."""
        return _side(self.hidden, self.visible, sizes[::-1], patterns)


def _side(given: Digits, drawn: Digits, sizes: tuple[int, int], patterns: int) -> PatternSide:
    sources, targets = sizes
    numbers = pad(drawn.W.float(), (0, targets - drawn.W.shape[2])).contiguous()
    return PatternSide(given.to_visible(patterns, sources).planes, numbers)
