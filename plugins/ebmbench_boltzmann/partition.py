"""log Z of a machine, by a sum over all states of all but one colour of its units.

Given the other units, units of a colour are independent and summed out: log 2cosh of their fields.
The states of the others follow one another in Gray's order, a flip each, so that energy and fields
are brought up to date with one row of J.
"""

from __future__ import annotations

import math
from functools import partial
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ebmbench.numerics import cut, in_parallel, kept, njit, thread_count
from ebmbench_boltzmann.joint import Joint
from ebmbench_boltzmann.wiring import Wiring

LIMIT = 24  # units that are enumerated at the most
CHUNKS = 6  # so many of them tell 64 chunks apart, whatever the threads: the same sums


class Split(NamedTuple):
    """J and c in nats, cut in units that are enumerated and units that are summed out.

    Attributes:
        J: among the former, (R, n, n) float64.
        across: from the former to the latter, (R, n, m) float64.
        c: of the former, (R, n) float64.
        c_inner: of the latter, (R, m) float64.
    """

    J: NDArray[np.float64]
    across: NDArray[np.float64]
    c: NDArray[np.float64]
    c_inner: NDArray[np.float64]


def too_many_to_enumerate(wiring: Wiring) -> str | None:
    """Why log Z cannot be had; None if it can."""
    n = len(wiring.mask) - max(map(len, wiring.blocks))
    if n <= LIMIT:
        return None
    return f"all states of {n} units are too many to enumerate: {LIMIT} at most"


def log_z(joint: Joint, wiring: Wiring) -> Tensor:
    """log sum_s exp(-E(s)) in nats, (R,) float64; NaN where the couplings are not finite.

    It runs on the CPU; the result lies where J does.
    """
    split = split_units(joint, wiring)
    R, n = split.c.shape
    out = np.empty((R, 1 << min(CHUNKS, n)))
    pieces = cut(out.shape[1], thread_count())
    in_parallel([partial(fill_log_sums, *split, out, each.start, each.stop) for each in pieces])
    return torch.from_numpy(out).logsumexp(1).to(joint.J.device)


def split_units(joint: Joint, wiring: Wiring) -> Split:
    """The largest block is summed out, the others are enumerated."""
    inner = max(wiring.blocks, key=len).cpu()
    units = torch.arange(len(wiring.mask))
    outer = units[~torch.isin(units, inner)]
    J = joint.unit * joint.J.detach().double().cpu()
    c = (
        J.new_zeros(J.shape[:2])
        if joint.c is None
        else joint.unit * joint.c.detach().double().cpu()
    )
    rows = J[:, outer]
    parts = rows[..., outer], rows[..., inner], c[:, outer], c[:, inner]
    return Split(*(part.contiguous().numpy() for part in parts))


@kept
@njit(nogil=True)
def fill_log_sums(J, across, c, c_inner, out, start, stop):  # type: ignore[no-untyped-def]
    """Fill out (R, chunks) with each chunk's log-sum of exp(-E), chunks ``start`` to ``stop``."""
    for r in range(len(J)):
        for chunk in range(start, stop):
            out[r, chunk] = log_sum(J[r], across[r], c[r], c_inner[r], chunk, out.shape[1])


@njit
def log_sum(J, across, c, c_inner, chunk, chunks):  # type: ignore[no-untyped-def]
    """log of the sum of exp(-E) over the states of a chunk: its number gives the first units."""
    n = len(c)
    s = np.full(n, -1.0)
    first = 0
    while 1 << first < chunks:
        s[first] = 1.0 if chunk >> first & 1 else -1.0
        first += 1
    field, x = s @ J, s @ across + c_inner
    minus_energy = s @ field / 2 + s @ c
    top, total = -np.inf, 0.0
    for state in range(1 << (n - first)):
        L = minus_energy
        for each in range(len(x)):
            size = abs(x[each])
            L += size + math.log1p(math.exp(-2.0 * size))
        if top < L:
            total = total * math.exp(top - L) + 1.0
            top = L
        else:
            total += math.exp(L - top)
        unit = first
        while state >> (unit - first) & 1:  # Gray: the lowest unset bit of the state's number
            unit += 1
        if unit < n:
            turn = -2.0 * s[unit]
            minus_energy += turn * (field[unit] + c[unit])
            s[unit] = -s[unit]
            add(turn, J[unit], field)
            add(turn, across[unit], x)
    return top + math.log(total) if total == total else np.nan


@njit
def add(factor, row, total):  # type: ignore[no-untyped-def]
    """total += factor row, in place: an array expression would make another array."""
    for index in range(len(row)):
        total[index] += factor * row[index]
