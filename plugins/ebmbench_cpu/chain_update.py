"""A CD-k or PCD-k update of an RBM, whole: phases on integers, and fields that are found once.

The chains are those of a sweep, spin by spin. The phases are exact sums of rounded tanh
(:mod:`ebmbench_cpu.integer_phase`). The fields on h that a data phase is taken over are those that
CD's chains start from, so they are found once. All threads go through the update side by side
(:mod:`ebmbench_cpu.chain_stages`).
"""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import torch

from ebmbench import Chains, Model, Noise, Particles, TwoLayer
from ebmbench.numerics import (
    Done,
    Moments,
    Step,
    WholeUpdate,
    meeting,
    side_by_side,
    thread_count,
)
from ebmbench_cpu.chain_stages import Bits, Draws, Floats, Learned, Packed, Rows, make_part
from ebmbench_cpu.integer_phase import BLOCK
from ebmbench_cpu.packing import SPINS, spins_or_erased, tiles_of
from ebmbench_cpu.prepared import Memory
from ebmbench_cpu.tables import GROUPS

SIZES = 8  # pieces of memory that are kept: of batches of two sizes, and their chains
WORK = 1 << 24  # multiply-adds below which a second thread does not pay


class ChainUpdate(WholeUpdate):
    """Updates of an RBM of more than a few units, from chains that start at the batch or go on.

    Args:
        model: its parameters are W and perhaps a and b.
        memory: of its packed couplings.
        k: Gibbs steps.
        chains: how many go on from the state; None where they start at the batch.
        moments: what the optimiser remembers.

    Attributes:
        parameters, learned: W, a and b in the memory where they stay, and with what is remembered
            of them, each in one row; biases that a model has not are zeros that nothing steps.
    """

    def __init__(
        self, model: Model, memory: Memory, k: int, chains: int | None, moments: Moments
    ) -> None:
        self.memory, self.k, self.chains = memory, k, chains
        self._memory: dict[tuple[str, int], Any] = {}
        W, a, b = cast(TwoLayer, model).couplings()
        R, V, H = W.shape
        parameters = [W, a, b] if a is not None and b is not None else [W]
        arrays = [each.detach().numpy() for each in parameters]
        self.learned = tuple(
            Learned(*(each.reshape(-1) for each in (x, m.numpy(), s.numpy())))
            for x, (m, s) in zip(arrays, moments, strict=True)
        )
        self.parameters = tuple(arrays)
        if len(arrays) == 1:
            nothing = np.empty(0, np.float32)
            self.learned += (Learned(nothing, nothing, nothing),) * 2
            self.parameters += np.zeros((R, V), np.float32), np.zeros((R, H), np.float32)

    def fits(self, batch: Particles) -> bool:
        v, h, log_weight = batch
        here = v.device.type == "cpu" and v.dtype == torch.float32 and h is None
        alike = log_weight is None or bool((log_weight == log_weight[0, 0]).all())
        return here and alike and bool(spins_or_erased(v.numpy()) == SPINS)

    def held(self, rows: int) -> float:
        (_, V, H), chains = self.parameters[0].shape, self.chains or rows
        bits = (chains + rows) * (2 * V + H) / 4  # four to a byte
        return float(4 * (2 * V * H + 2 * V * H + chains * V) + bits)  # packed, phases, ended

    def make(self, batch: Particles, state: Any, noise: Noise, step: Step) -> Done:
        v, weight = np.ascontiguousarray(batch.v.numpy()), weight_of(batch)
        start = np.empty_like(v) if self.chains is None else cast(Chains, state).v.numpy().copy()
        data = self._rows("batch", v, weight * step.kept_share)
        chains = self._rows("chains", start, 1 / self.chains if self.chains else weight)
        draws = Draws(noise.keys, noise.advance(2 * self.k), self.k, self.chains is not None)
        numbers = step.numbers if len(step.numbers) == 3 else np.repeat(step.numbers, 3, 0)
        seconds = np.zeros((thread_count(), 3))
        arguments = (
            meeting(), self.parameters, self._packed(), data, chains, self._hidden(start), draws,
            (self.learned, numbers), seconds,
        )  # fmt: skip
        macs = 2 * self.parameters[0].size * (v.shape[1] + (self.k + 1) * start.shape[1])
        part = make_part.compiled
        side_by_side(1 + macs // WORK, lambda index, count: part(index, count, *arguments))
        if self.chains is not None:
            state = Chains(torch.from_numpy(chains.v))
        return Done(state, seconds.sum(0))

    def _rows(self, which: str, v: Floats, weight: float) -> Rows:
        """Memory for rows v and their phase, that of the last update with as many."""
        key = which, v.shape[1]
        if key not in self._memory:
            if len(self._memory) >= SIZES:
                self._memory.clear()
            self._memory[key] = Rows.of(v, weight, self.parameters[0].shape[2])
        return cast(Rows, self._memory[key])._replace(v=v, weight=weight)

    def _hidden(self, v: Floats) -> Bits:
        """Memory for the h of chains v."""
        (R, N, _), H = v.shape, self.parameters[0].shape[2]
        if ("hidden", N) not in self._memory:
            shape = R, -(-N // BLOCK), tiles_of(H), BLOCK, GROUPS
            self._memory["hidden", N] = np.zeros(shape, np.uint8)
        return cast(Bits, self._memory["hidden", N])

    def _packed(self) -> Packed:
        """Memory for couplings in fixed point, and for the sums that tell their unit."""
        R, V, H = self.parameters[0].shape
        self.memory.forget()
        threads = thread_count()
        if ("packed", threads) not in self._memory:
            layers = self.memory.packed(R, V, H)
            sizes = np.zeros((R, V)), np.zeros((threads, R, H)), np.zeros((threads, R))
            self._memory["packed", threads] = Packed(*layers, *sizes)
        return cast(Packed, self._memory["packed", threads])


def weight_of(batch: Particles) -> float:
    """That of each of a batch's rows, which are alike; a float32."""
    if batch.log_weight is None:
        return float(np.float32(1 / batch.v.shape[1]))
    return float(batch.weights[0, 0])
