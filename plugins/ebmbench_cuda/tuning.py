"""Tile sizes by chip and shape: tables to be read, and to be measured anew on a new chip.

So far they are chosen by what the compiled code takes (registers, shared memory, no spills) and by
estimates, not by measurement on the chips.
"""

from __future__ import annotations

from typing import NamedTuple

import torch

DEPTH = 32  # of an int8 product: sources are padded to at least this many
INTERPRETER = "interpreter"
LARGEST_SHARE = 2**16  # states that one program adds up


class Tile(NamedTuple):
    """What one program of the half step works on, and with.

    Attributes:
        rows: chains.
        targets: units that it draws.
        sources: units that it reads at a time, at least 32.
        warps: of 32 threads.
        stages: tiles of couplings and spins that are on their way at the same time.
    """

    rows: int
    targets: int
    sources: int
    warps: int
    stages: int


class Tiles(NamedTuple):
    """The tiles for three kinds of half step.

    Attributes:
        few_sources: at most 32 units to read: one short product, the rest is drawing.
        few_targets: at most 32 units to draw.
        many: more than 32 of both.
    """

    few_sources: Tile
    few_targets: Tile
    many: Tile

    def of(self, sources: int, targets: int) -> Tile:
        """The tile for so many units."""
        if sources <= DEPTH:
            return self.few_sources
        return self.few_targets if targets <= DEPTH else self.many


class Small(NamedTuple):
    """How the persistent kernel takes a small model.

    Attributes:
        rows: chains per tile.
        chunk: hidden units at a time, a power of two of at least 128.
        programs: as many for all replicas together; tiles beyond wait for their turn.
        both: whether the digits in both orders stay on the chip.
    """

    rows: int
    chunk: int
    programs: int
    both: bool


class Exact(NamedTuple):
    """What one program of the sums over all states works on, and with.

    Attributes:
        states, targets: of a tile: states, and units of the layer that is summed out.
        warps: of 32 threads.
        programs: as many at least, where there are as many tiles.
    """

    states: int
    targets: int
    warps: int
    programs: int

    def shares(self, states: int, programs: int) -> int:
        """In how many shares to cut the states, given how many programs each share takes.

        Enough to fill the chip, and so many that float32 sums of a share stay good to 1e-6.
        """
        tiles = -(-states // self.states)
        to_fill = -(-self.programs // programs)
        return max(1, min(tiles, max(to_fill, states // LARGEST_SHARE)))


class Chip(NamedTuple):
    """What a chip is given to do.

    Attributes:
        tiles: for half steps.
        small: for the persistent kernel.
        exact: for the sums over all states.
        shared: bytes of shared memory that a program may use.
    """

    tiles: Tiles
    small: Small
    exact: Exact
    shared: int


CHIPS = {
    #                   rows  targets sources warps stages
    "sm_80": Chip(
        tiles=Tiles(
            Tile(       64,   64,     32,     4,    2),
            Tile(       64,   32,     128,    4,    3),
            Tile(       64,   64,     64,     4,    3),
        ),
        small=Small(rows=16, chunk=256, programs=4 * 108, both=True),
        exact=Exact(states=64, targets=64, warps=4, programs=4 * 108),
        shared=166_912,
    ),
    "sm_90": Chip(
        tiles=Tiles(
            Tile(       64,   64,     32,     4,    2),
            Tile(       64,   32,     128,    4,    3),
            Tile(       128,  64,     128,    8,    3),
        ),
        small=Small(rows=16, chunk=512, programs=4 * 132, both=True),
        exact=Exact(states=64, targets=64, warps=4, programs=4 * 132),
        shared=232_448,
    ),
    "default": Chip(
        tiles=Tiles(
            Tile(       64,   64,     32,     4,    2),
            Tile(       64,   32,     64,     4,    2),
            Tile(       64,   64,     64,     4,    2),
        ),
        small=Small(rows=16, chunk=256, programs=4 * 108, both=True),
        exact=Exact(states=64, targets=64, warps=4, programs=4 * 108),
        shared=101_376,
    ),
    # A program costs milliseconds there, whatever its size.
    INTERPRETER: Chip(
        tiles=Tiles(
            Tile(       1024, 128,    32,     1,    1),
            Tile(       1024, 32,     128,    1,    1),
            Tile(       512,  128,    128,    1,    1),
        ),
        small=Small(rows=1024, chunk=1024, programs=4, both=True),
        exact=Exact(states=128, targets=64, warps=1, programs=4),
        shared=2**30,
    ),
}  # fmt: skip


def chip_of(device: torch.device) -> Chip:
    """The table's entry for a device; the CPU is where kernels are interpreted."""
    if device.type == "cpu":
        return CHIPS[INTERPRETER]
    major, minor = torch.cuda.get_device_capability(device)
    return CHIPS.get(f"sm_{major}{minor}", CHIPS["default"])
