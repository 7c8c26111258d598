"""Noise: one counter-based stream of random numbers per replica and purpose."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from functools import cached_property, partial
from hashlib import blake2b

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor

from ebmbench.numerics import philox, philox_tensor
from ebmbench.numerics.threads import cut, in_parallel, thread_count

PIECE = 1 << 16  # normal numbers below which a second thread does not pay


def derive(seed: int, *names: str | int) -> int:
    """The 64-bit key of the stream that belongs to ``seed`` and ``names``.

    Two streams with different seeds or names are independent for all purposes; the same names
    give the same key on every machine and in every release. ``derive(seed, "data", dataset)`` is
    the same for all methods, so that comparisons are paired; ``derive(seed, "init", method)`` is
    not.
    """
    text = "\x1f".join(str(part) for part in (seed, *names))
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")


class Noise:
    """Random numbers for R replicas, each from its own Philox4x32-10 stream.

    A replica's numbers depend on its seed and the purpose only, never on the other replicas, so
    a replica trained alone and the same replica in a block draw the same numbers. Each draw moves
    all streams on by one ``step``; the numbers of a step are addressed by row and column.

    Args:
        seeds: the R replicas' seeds.
        purpose: names that tell this stream from the others of the same seed.
        device: where drawn tensors live. The words are the same on every device.
    """

    def __init__(
        self, seeds: Sequence[int], *purpose: str | int, device: str | torch.device = "cpu"
    ) -> None:
        self.keys = np.array([derive(seed, *purpose) for seed in seeds], np.uint64)
        self.device = torch.device(device)
        self._place = Place()
        self._splits: dict[int, Noise] = {}

    @property
    def replicas(self) -> int:
        """R, the number of replicas."""
        return len(self.keys)

    @property
    def step(self) -> int:
        """The number of the next draw."""
        return self._place.step

    @step.setter
    def step(self, step: int) -> None:
        self._place.step = step

    def split(self, parts: int) -> Noise:
        """R parts streams that move on together with these: stream parts r + p is replica r's.

        For what each replica does in parts that are drawn side by side.
        """
        if parts not in self._splits:
            keys = [derive(int(key), "part", part) for key in self.keys for part in range(parts)]
            split = copy(self)
            split.__dict__.pop("key_bits", None)  # those of other keys
            split.keys, split._splits = np.array(keys, np.uint64), {}
            self._splits[parts] = split
        return self._splits[parts]

    def apart(self, replicas: Sequence[int], *purpose: str | int) -> Noise:
        """New streams for some of the replicas, others at each step of these.

        For what happens to these replicas and not to the rest: the streams of all stay where they
        are, and each of the new ones depends on its own replica alone.
        """
        keys = [int(self.keys[replica]) for replica in replicas]
        return type(self)(keys, *purpose, self.step, device=self.device)

    def words(self, rows: int, columns: int) -> Tensor:
        """Uniform 32-bit words, (R, rows, columns) int64 in [0, 2^32)."""
        if self.device.type != "cpu":
            return philox_tensor.words(self.key_bits, self.first_draw(), (rows, columns))
        out = np.empty((self.replicas, rows, columns), np.uint32)
        philox.fill_words(self.keys, np.uint64(self.advance()), out)
        return torch.from_numpy(out.astype(np.int64))

    def uniform(self, rows: int, columns: int) -> Tensor:
        """Uniform numbers in [0, 1), (R, rows, columns) float32, multiples of 2^-24."""
        return (self.words(rows, columns) >> 8).float() * 2.0**-24

    def normal(self, rows: int, columns: int) -> Tensor:
        """Standard normal numbers, (R, rows, columns) float32."""
        out = np.empty((self.replicas, rows, columns), np.float32)
        step, pieces = np.uint64(self.advance()), min(thread_count(), 1 + out.size // PIECE)
        parts = cut(self.replicas * rows, pieces)
        fill = partial(philox.fill_normals, self.keys, step, out)
        in_parallel([partial(fill, part.start, part.stop) for part in parts])
        return torch.from_numpy(out).to(self.device)

    def coins(self, rows: int, columns: int) -> Tensor:
        """Fair spins, +1 or -1, (R, rows, columns) float32."""
        return self.spins(torch.zeros(self.replicas, rows, columns, device=self.device))

    def spins(
        self,
        field: Tensor,
        beta: float | Tensor = 1.0,
        step: Tensor | ArrayLike = 1.0,
        given: int | None = None,
    ) -> Tensor:
        """Spins given the field on them: +1 with probability sigmoid(2 beta step field), else -1.

        Args:
            field: (R, N, M), the field on each unit.
            beta: inverse temperature; or one per row, (R, N) float64.
            step: what a field of 1 is worth, a number or (R,).
            given: in a Gibbs sweep, how many units the field comes from. Up to
                :data:`ebmbench.numerics.philox.FEW` of them, words come in halves: other spins of
                the same law.

        Returns:
            (R, N, M) float32 of +1 and -1. The draw is made on 32-bit integers and is exact to
            2^-32 in both tails.
        """
        if self.device.type != "cpu":
            words = philox_tensor.words(
                self.key_bits, self.first_draw(), field.shape[1:], philox.in_halves(given)
            )
            scale = philox_tensor.draw_scale(self._each(step), beta).unsqueeze(2)
            return philox_tensor.spins(field.detach().float() * scale, words)
        scales = philox.draw_scales(step, beta, *field.shape[:2])
        x = np.ascontiguousarray(field.detach().to(torch.float32).numpy())
        out = np.empty_like(x)
        step_number, in_halves = np.uint64(self.advance()), philox.in_halves(given)
        philox.fill_spins(self.keys, step_number, x, scales, in_halves, out)
        return torch.from_numpy(out)

    def permutation(self, n: int) -> Tensor:
        """A random order of n things for each replica, (R, n) int64."""
        return self.words(1, n).squeeze(1).argsort(dim=-1, stable=True)

    def advance(self, draws: int = 1) -> int:
        """Move on by so many draws, for a kernel that makes them; the number of the first."""
        if self.is_recorded:
            raise RuntimeError("draws of the CPU cannot be recorded: the CPU is not replayed")
        return self._move_on(draws)

    def first_draw(self, draws: int = 1) -> Tensor:
        """As ``advance``, the number as a device tensor that a replay can rewrite; () int64."""
        step = self._move_on(draws)
        if (recording := self._place.recording) is not None:
            return recording.first + (step - recording.recorded_at)
        return torch.full((), step, dtype=torch.int64, device=self.device)

    @cached_property
    def key_bits(self) -> Tensor:
        """The bits of ``keys``, (R,) int64 on the device."""
        return philox_tensor.key_bits(self.keys, self.device)

    @property
    def is_recorded(self) -> bool:
        """Whether what is drawn now is recorded, to be replayed with other numbers."""
        return self._place.recording is not None

    @contextmanager
    def recorded(self) -> Iterator[Draws]:
        """Within, ``first_draw`` counts from a device tensor, so that work can be recorded.

        Before the work is replayed, ``replay`` sets that tensor to where the streams stand then.
        Recording does not move the streams on.
        """
        for noise in (self, *self._splits.values()):
            _ = noise.key_bits  # copied to the device now, as that cannot be recorded
        first = torch.full((), self.step, dtype=torch.int64, device=self.device)
        self._place.recording = draws = Draws(first, self.step)
        try:
            yield draws
            draws.count = self.step - draws.recorded_at
        finally:
            self._place.step, self._place.recording = draws.recorded_at, None

    def replay(self, draws: Draws) -> None:
        """Let recorded work, replayed next, draw from here on; the streams move on past it."""
        draws.first.fill_(self._move_on(draws.count))

    def _move_on(self, draws: int) -> int:
        step = self.step
        self.step += draws
        return step

    def _each(self, step: Tensor | ArrayLike) -> Tensor:
        """``step`` as float64 on the device; a plain number is filled in, as a copy would wait."""
        if isinstance(step, Tensor):
            return step.to(self.device)
        numbers = np.asarray(step, np.float64)
        if numbers.ndim == 0:
            return torch.full((1,), numbers.item(), dtype=torch.float64, device=self.device)
        return torch.from_numpy(numbers).to(self.device)


@dataclass
class Place:
    """Where streams stand; those of parts share it with the replicas'.

    Attributes:
        step: the number of the next draw.
        recording: of what is drawn now; None where it is not recorded.
    """

    step: int = 0
    recording: Draws | None = None


@dataclass
class Draws:
    """The draws of recorded work.

    Attributes:
        first: the number of the first, () int64 on the device.
        recorded_at: where the streams stood when it was recorded.
        count: how many there are.
    """

    first: Tensor
    recorded_at: int
    count: int = 0
