"""The machine's roofline: how fast it does, at best, what an update is counted in."""

from __future__ import annotations

from typing import NamedTuple

import torch

from ebmbench.interfaces.cost import Cost
from ebmbench.numerics.noise import Noise
from ebmbench.numerics.threads import in_parallel
from ebmbench.speed.timing import timing

SIDE = {"cpu": 1024, "cuda": 8192}  # of the square matrices that are multiplied
DRAWS = {"cpu": (512, 2048), "cuda": (4096, 4096)}  # rows and columns of spins, per thread
COPIED = {"cpu": 2**27, "cuda": 2**30}  # bytes: far beyond any cache
ROUNDS = 5
OVERHEAD = 0.2  # of the time measured: a roofline that explains less is not what limits


class Roofline(NamedTuple):
    """Operations per second, in the kinds and the order of :class:`ebmbench.interfaces.cost.Cost`.

    No promise that nothing is faster: a kernel that draws in vectors, or whose operands stay in
    the cache, may beat it, and its efficiency is then above 1.
    """

    macs: float
    randoms: float
    bytes: float

    def seconds(self, cost: Cost) -> Seconds:
        """What each kind of operation would take alone."""
        return Seconds(*(done / rate for done, rate in zip(cost.operations, self, strict=True)))


class Seconds(NamedTuple):
    """Seconds that each kind of operation takes."""

    macs: float
    randoms: float
    bytes: float


class Limit(NamedTuple):
    """What an update, or a phase of it, would take at the roofline.

    Attributes:
        seconds: what each kind of operation would take alone.
        by: the kind that takes longest, or "overhead" where even that explains little.
        efficiency: its share of the time measured.
    """

    seconds: Seconds
    by: str
    efficiency: float


def measure_roofline(device: torch.device, threads: int) -> Roofline:
    """The roofline with the threads that are allowed just now, ``threads`` of them."""
    return Roofline(
        macs=_products(device), randoms=_random_numbers(device, threads), bytes=_copies(device)
    )


def limit(cost: Cost, seconds: float, roofline: Roofline) -> Limit:
    """What limits something that is counted as ``cost`` and takes ``seconds``."""
    shares = roofline.seconds(cost)
    longest = max(shares)
    efficiency = longest / seconds
    by = Seconds._fields[shares.index(longest)] if efficiency >= OVERHEAD else "overhead"
    return Limit(shares, by, efficiency)


def _products(device: torch.device) -> float:
    """Multiply-adds per second of a float32 product of large matrices."""
    n = SIDE[device.type]
    a, b, out = (torch.ones(n, n, device=device) for _ in range(3))
    return n**3 / timing(lambda: torch.mm(a, b, out=out), device, ROUNDS).min


def _random_numbers(device: torch.device, threads: int) -> float:
    """Spins drawn per second, on a field of 0, on every thread."""
    rows, columns = DRAWS[device.type]
    field = torch.zeros(1, rows, columns, device=device)
    streams = [Noise([seed], "floor", device=device) for seed in range(threads)]
    work = [lambda noise=noise: noise.spins(field) for noise in streams]
    seconds = timing(lambda: in_parallel(work), device, ROUNDS).min
    return len(work) * field.numel() / seconds


def _copies(device: torch.device) -> float:
    """Bytes read and written per second by a copy."""
    source = torch.zeros(COPIED[device.type] // 4, device=device)
    target = torch.ones_like(source)
    return 2 * 4 * source.numel() / timing(lambda: target.copy_(source), device, ROUNDS).min
