"""How a sweep is launched: the persistent kernel for a small model, half steps for any other."""

from __future__ import annotations

from typing import NamedTuple, Protocol, cast

import torch
from torch import Tensor
from torch.nn.functional import pad
from triton import next_power_of_2

from ebmbench.numerics import philox
from ebmbench_cuda.digits import Side
from ebmbench_cuda.half_step import launch_draw_step, launch_half_step
from ebmbench_cuda.pattern_sides import PatternSide
from ebmbench_cuda.pattern_step import SUM, launch_overlaps, launch_pattern_step
from ebmbench_cuda.persistent import launch_persistent
from ebmbench_cuda.tuning import DEPTH, Chip, Small, Tile
from ebmbench_cuda.work import Work

LARGEST_HIDDEN = 1024  # units, of what the persistent kernel calls small
SMALLEST_HIDDEN = 128


class Plan(Protocol):
    """How to launch sweeps of one shape.

    Attributes:
        sizes: (V, H) with padding.
        in_halves: of h and of v, whether their words come so, which V and H without padding decide.
        launches: how many a step takes; 0 where all steps take one.
    """

    @property
    def sizes(self) -> tuple[int, int]: ...

    @property
    def in_halves(self) -> tuple[bool, bool]: ...

    @property
    def launches(self) -> int: ...

    def enqueue(self, work: Work, k: int) -> None:
        """Launch k steps on ``work``."""


class Persistent(NamedTuple):
    """One launch for all steps."""

    sizes: tuple[int, int]
    in_halves: tuple[bool, bool]
    small: Small
    launches: int = 0

    def enqueue(self, work: Work, k: int) -> None:
        sides = cast(Side, work.to_hidden), cast(Side, work.to_visible)
        launch_persistent(
            work.v, work.h, *sides, work.keys, work.scale, work.step, k,
            self.small, self.in_halves,
        )  # fmt: skip


class HalfSteps(NamedTuple):
    """Two launches a step: h given v, v given h."""

    sizes: tuple[int, int]
    in_halves: tuple[bool, bool]
    to_hidden: Tile
    to_visible: Tile
    launches: int = 2

    def enqueue(self, work: Work, k: int) -> None:
        self._launch(work, range(2 * k))

    def enqueue_from(self, field: Tensor, scale: Tensor, work: Work, k: int) -> None:
        """As ``enqueue``, but for the first h: drawn given ``field`` (R, N, H) float64.

        ``scale`` (R, 1) or (R, N) is what turns it into log2-odds.
        """
        halves = self.in_halves[0]
        launch_draw_step(field, work.keys, scale, work.step, 0, work.h, halves)
        self._launch(work, range(1, 2 * k))

    def _launch(self, work: Work, turns: range) -> None:
        """The half steps of these turns: of h in even ones, of v in odd ones."""
        h_from_v = work.v, work.to_hidden, work.h, self.to_hidden
        v_from_h = work.h, work.to_visible, work.v, self.to_visible
        for turn in turns:
            given, side, out, tile = v_from_h if turn % 2 else h_from_v
            halves = self.in_halves[turn % 2]
            couplings = cast(Side, side)
            launch_half_step(
                given, couplings, work.keys, work.scale, work.step, turn, out, tile, halves
            )


class ByPatterns(NamedTuple):
    """Four launches a step: overlaps of v, h given these, overlaps of h, v given these.

    Attributes:
        patterns: K with padding.
        of_visible, of_hidden: the tiles of overlaps.
    """

    sizes: tuple[int, int]
    patterns: int
    of_visible: Tile
    of_hidden: Tile
    in_halves: tuple[bool, bool] = (False, False)
    launches: int = 4

    def enqueue(self, work: Work, k: int) -> None:
        self._launch(work, range(2 * k))

    def enqueue_from(self, overlaps: Tensor, work: Work, k: int) -> None:
        """As ``enqueue``, but the first h is drawn from ``overlaps`` (R, N, K) float32."""
        side = cast(PatternSide, work.to_hidden)
        begun = pad(overlaps, (0, self.patterns - overlaps.shape[2])).contiguous()
        launch_pattern_step(begun, side, work.keys, work.scale, work.step, 0, work.h)
        self._launch(work, range(1, 2 * k))

    def _launch(self, work: Work, turns: range) -> None:
        """The half steps of these turns: of h in even ones, of v in odd ones."""
        h_from_v = work.v, work.to_hidden, work.h, self.of_visible
        v_from_h = work.h, work.to_visible, work.v, self.of_hidden
        shape = (*work.v.shape[:2], self.patterns)
        overlaps = torch.empty(shape, dtype=torch.float32, device=work.v.device)
        for turn in turns:
            given, side, out, tile = v_from_h if turn % 2 else h_from_v
            patterns = cast(PatternSide, side)
            launch_overlaps(given, patterns, tile, overlaps)
            launch_pattern_step(overlaps, patterns, work.keys, work.scale, work.step, turn, out)


def by_patterns(chip: Chip, V: int, H: int, K: int) -> ByPatterns:
    """Sweeps by patterns, with units and patterns padded to whole tiles of both."""
    of_visible, of_hidden = chip.tiles.of(V, K), chip.tiles.of(H, K)
    visible = whole(V, max(of_visible.sources, SUM["TARGETS"]))
    hidden = whole(H, max(of_hidden.sources, SUM["TARGETS"]))
    patterns = whole(K, max(of_visible.targets, of_hidden.targets))
    return ByPatterns((visible, hidden), patterns, of_visible, of_hidden)


def plan_of(chip: Chip, V: int, H: int, digits: int) -> Plan:
    """The faster way that fits the chip."""
    return persistent(chip, V, H, digits) or half_steps(chip, V, H)


def persistent(chip: Chip, V: int, H: int, digits: int) -> Persistent | None:
    """The persistent kernel, if the digits fit on the chip: in both orders, or else in one."""
    if V > DEPTH or H > LARGEST_HIDDEN:
        return None
    hidden = max(SMALLEST_HIDDEN, next_power_of_2(H))
    exchange = 4 * chip.small.rows * min(chip.small.chunk, hidden)  # fields change hands in it
    one_order = digits * DEPTH * hidden
    if exchange + one_order > chip.shared:
        return None
    both = exchange + 2 * one_order <= chip.shared
    return Persistent((DEPTH, hidden), in_halves(V, H), chip.small._replace(both=both))


def half_steps(chip: Chip, V: int, H: int) -> HalfSteps:
    """Half steps, with units padded to whole tiles of both."""
    to_hidden, to_visible = chip.tiles.of(V, H), chip.tiles.of(H, V)
    visible = whole(V, max(to_hidden.sources, to_visible.targets))
    hidden = whole(H, max(to_hidden.targets, to_visible.sources))
    return HalfSteps((visible, hidden), in_halves(V, H), to_hidden, to_visible)


def in_halves(V: int, H: int) -> tuple[bool, bool]:
    """Whether the words of h, drawn given V units, and of v, given H units, come in halves."""
    return philox.in_halves(V), philox.in_halves(H)


def whole(units: int, tile: int) -> int:
    """``units`` rounded up to whole tiles; their sizes are powers of two."""
    return -(-units // tile) * tile
