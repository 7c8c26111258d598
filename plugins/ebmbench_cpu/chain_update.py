"""A CD-k or PCD-k update of an RBM, whole: phases on integers, and fields that are found once.

The chains are those of a sweep, spin by spin. The phases are exact sums of rounded tanh
(:mod:`ebmbench_cpu.integer_phase`), on all threads. The fields on h that a data phase is taken over
are those that CD's chains start from, so they are found once.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from time import perf_counter
from typing import Any, NamedTuple, cast

import numpy as np
import torch
from numpy.typing import NDArray

from ebmbench import Chains, Model, Noise, Particles, TwoLayer
from ebmbench.numerics import (
    Done,
    Moments,
    Step,
    WholeUpdate,
    cut,
    in_parallel,
    philox,
    take_step,
    thread_count,
)
from ebmbench_cpu.integer_phase import BLOCK, draw_visible, fill_integer_phase, pack_blocks
from ebmbench_cpu.packing import SPINS, are_spins, tiles_of, unpack_all
from ebmbench_cpu.prepared import Floats, Memory, Prepared, prepared, sweep_prepared
from ebmbench_cpu.tables import GROUPS, TARGETS

F32 = np.float32
PIECE = 1 << 16  # parameters below which a second thread does not pay


class Rows(NamedTuple):
    """Rows of spins, packed.

    Attributes:
        bits, turned: of :func:`ebmbench_cpu.integer_phase.pack_blocks`.
        number: N.
    """

    bits: NDArray[np.uint8]
    turned: NDArray[np.uint8]
    number: int

    @classmethod
    def of(cls, v: Floats) -> Rows:
        """Of spins (R, N, V)."""
        R, N, V = v.shape
        blocks = -(-N // BLOCK)
        bits = np.empty((R, blocks, tiles_of(V), BLOCK, GROUPS), np.uint8)
        turned = np.empty((R, blocks, BLOCK // TARGETS, V, GROUPS), np.uint8)
        spread(R * blocks, partial(pack_blocks, v, bits, turned))
        return cls(bits, turned, N)


class ChainUpdate(WholeUpdate):
    """Updates of an RBM of more than a few units, from chains that start at the batch or go on.

    Args:
        model: its parameters are W and perhaps a and b.
        memory: of its packed couplings.
        k: Gibbs steps.
        chains: how many go on from the state; None where they start at the batch.
        moments: what the optimiser remembers.
    """

    def __init__(
        self, model: Model, memory: Memory, k: int, chains: int | None, moments: Moments
    ) -> None:
        self.model, self.memory = model, memory
        self.k, self.chains, self.moments = k, chains, moments

    def fits(self, batch: Particles) -> bool:
        v, h, log_weight = batch
        here = v.device.type == "cpu" and v.dtype == torch.float32 and h is None
        alike = log_weight is None or bool((log_weight == log_weight[0, 0]).all())
        return here and alike and are_spins(v)

    def held(self, rows: int) -> float:
        V, H = self.model.visible, cast(TwoLayer, self.model).hidden
        chains = self.chains or rows
        bits = (chains + rows) * (2 * V + H) / 4  # four to a byte
        return 4.0 * (2 * V * H + 2 * V * H + chains * V) + bits  # packed, phases, ended

    def make(self, batch: Particles, state: Any, noise: Noise, step: Step) -> Done:
        seconds, since = np.zeros(3), perf_counter()
        v, weight = np.ascontiguousarray(batch.v.numpy()), float(batch.weights[0, 0])
        how = prepared(self.model, v.shape[1], self.memory)
        model = Packed.of(how, v.shape[2])
        packed_at = perf_counter()
        data = model.phase(v, weight * step.kept_share, noise if self.chains is None else None)
        phased_at = perf_counter()
        if self.chains is not None:
            start = np.ascontiguousarray(cast(Chains, state).v.numpy())
            chains, weight = self._sweep(how, start, self.k, noise), 1 / start.shape[1]
            state = Chains(torch.from_numpy(chains))
        else:
            chains = self._sweep(how, model.visible_of(data.hidden, noise), self.k - 1, noise)
        negative = model.phase(chains, weight, None)
        negative_at = perf_counter()
        self._step(data, negative, step)
        draw_share = data.seconds[1] / max(data.seconds.sum(), 1e-12)
        seconds[0] = (phased_at - packed_at) * (1 - draw_share)
        seconds[1] = negative_at - since - seconds[0]
        seconds[2] = perf_counter() - negative_at
        return Done(state, seconds)

    def _sweep(self, how: Prepared, start: Floats, k: int, noise: Noise) -> Floats:
        """v after k steps from spins."""
        if k == 0:
            return start
        return sweep_prepared(how, (start, start), SPINS, k, 1.0, noise, 0)[0]

    def _step(self, data: Found, negative: Found, step: Step) -> None:
        """Step W, a and b, those that are there, along their phases."""
        theirs = data.parts, negative.parts, self.moments, step.numbers
        for x, d, n, (m, s), row in zip(self.model.parameters(), *theirs, strict=False):
            arrays = [each.reshape(-1) for each in (x.detach().numpy(), d, n, m.numpy(), s.numpy())]
            count = len(arrays[0])
            work = [
                partial(take_step, *(each[part.start : part.stop] for each in arrays), row)
                for part in cut(count, min(thread_count(), 1 + count // PIECE))
            ]
            in_parallel(work)


class Found(NamedTuple):
    """A phase.

    Attributes:
        parts: -<v t'>, -<v> and -<t>.
        hidden: the units that were drawn from its fields, bits (R, tiles, N, 8).
        seconds: for the phase and for the draw.
    """

    parts: tuple[Floats, Floats, Floats]
    hidden: NDArray[np.uint8]
    seconds: NDArray[np.float64]


class Packed(NamedTuple):
    """A model's couplings, packed for the draws of both layers.

    Attributes:
        to_hidden, hidden_bias, to_visible, visible_bias: tiles of int32.
        visible, H: units of either layer.
        step: what a field of 1 is worth, (R,) float64.
    """

    to_hidden: NDArray[np.int32]
    hidden_bias: NDArray[np.int32]
    to_visible: NDArray[np.int32]
    visible_bias: NDArray[np.int32]
    visible: int
    H: int
    step: NDArray[np.float64]

    @classmethod
    def of(cls, how: Prepared, visible: int) -> Packed:
        """Of couplings that are packed for sweeps."""
        to_hidden, hidden_bias, to_visible, visible_bias, H = how.packed
        step = np.asarray(how.step)
        return cls(to_hidden, hidden_bias, to_visible, visible_bias, visible, H, step)

    def phase(self, v: Floats, weight: float, noise: Noise | None) -> Found:
        """The phase over spins (R, N, V), each row of that weight; h is drawn from ``noise``."""
        (R, N, V), tiles = v.shape, self.to_hidden.shape[1]
        rows, odds = Rows.of(v), self._odds(N)
        hidden = np.empty((R, tiles, N if noise else 0, GROUPS), np.uint8)
        keys = noise.keys if noise else np.zeros(R, np.uint64)
        draw = noise.advance() if noise else 0
        d_W, d_b = np.empty((R, V, self.H), F32), np.empty((R, 1, self.H), F32)
        parts = cut(R * tiles, thread_count())
        seconds = np.zeros((len(parts), 2))
        arguments = (
            self.to_hidden, self.hidden_bias, rows.bits, rows.turned, N, self.step.astype(F32),
            F32(weight), keys, draw, odds, hidden, d_W, d_b,
        )  # fmt: skip
        in_parallel(
            [
                partial(fill_integer_phase, *arguments, own, part.start, part.stop)
                for own, part in zip(seconds, parts, strict=True)
            ]
        )
        d_a = (-weight * v.sum(1).astype(np.float64)).astype(F32)  # a sum of spins is exact
        return Found((d_W, d_a, d_b), hidden, seconds.sum(0))

    def visible_of(self, hidden: NDArray[np.uint8], noise: Noise) -> Floats:
        """v drawn given h: the second half of a step, (R, N, V)."""
        (R, tiles), V = self.to_visible.shape[:2], self.visible
        bits = np.empty((R, tiles, hidden.shape[2], GROUPS), np.uint8)
        arguments = (
            self.to_visible,
            self.visible_bias,
            hidden,
            noise.keys,
            noise.advance(),
            self._odds(hidden.shape[2]),
            bits,
        )
        spread(R * tiles, partial(draw_visible, *arguments))
        v = np.empty((R, hidden.shape[2], V), F32)
        spread(R, partial(unpack_all, bits, v))
        return v

    def _odds(self, N: int) -> Floats:
        """What turns the fields of N rows into log2-odds, (R, N)."""
        return philox.draw_scales(self.step, 1.0, len(self.step), N)


def spread(count: int, work: Callable[[int, int], object]) -> None:
    """``work(first, last)`` for even parts of ``range(count)``, side by side."""
    in_parallel([partial(work, part.start, part.stop) for part in cut(count, thread_count())])
