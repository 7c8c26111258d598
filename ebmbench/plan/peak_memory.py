"""How much memory training a block takes at its peak, predicted before it runs.

From what is built on one replica and from what components count, not from a trial: a stranger's
sampler may hang or crash, and planning must survive it. Metrics are not in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from math import floor
from typing import Any, NamedTuple

from torch import Tensor

from ebmbench.interfaces.cost import Cost
from ebmbench.interfaces.dataset import Splits
from ebmbench.numerics.particles import Particles
from ebmbench.numerics.tensor_noise import TensorNoise
from ebmbench.numerics.threads import at_most
from ebmbench.training.built import Built
from ebmbench.training.optimizer import Optimizer
from ebmbench.training.replay import whole_update

BESIDE = 48e6
"""Bytes that a process takes beside what it holds: work space of matrix products, compiled code,
and what the allocator keeps of what was freed. Fitted, as are the next two, to the peaks of five
blocks of 9 to 540 MB after some fifty updates, with glibc (``tests/support/peak_of_block.py``)."""

BESIDE_WHOLE = 6e6
"""The same where updates are made whole: no matrix products, and few arrays come and go."""

SCATTERED = 1.33
"""Bytes that the allocator takes for each byte held, because of the holes between them."""

ORDER = 32  # bytes per row of data: random words, and their order as int64, while it is sorted


class PeakMemory(NamedTuple):
    """Bytes of memory that a block of R replicas takes at its peak, training only.

    Attributes:
        shared: whatever R.
        per_replica: for each of them.
    """

    shared: float
    per_replica: float

    def of(self, replicas: int) -> float:
        """Bytes for so many replicas."""
        return self.shared + replicas * self.per_replica

    def replicas_within(self, budget: float) -> int:
        """How many replicas fit in so many bytes; at least one, as none would be no block."""
        return max(1, floor((budget - self.shared) / self.per_replica))


class Rows(NamedTuple):
    """Bytes of a dataset's tensors: those that all replicas share, and each replica's own."""

    shared: float
    own: float

    @classmethod
    def of(cls, data: Splits) -> Rows:
        """Found on two replicas: rows that both share lie in memory once."""
        parts = (data.train, data.test, data.train_labels, data.test_labels)
        first = [(part[0], part.stride(0)) for part in parts if part is not None]
        shared = (rows for rows, stride in first if stride == 0)
        own = [rows for rows, stride in first if stride != 0]
        redrawn = [] if data.redraw is None else [data.train[0]]  # an epoch's, beside the first
        return cls(_bytes(shared), _bytes(own + redrawn))


def peak_memory(
    built: Built, rows: Rows, optimizer: Optimizer, batch: int, counted: Iterable[Cost]
) -> PeakMemory:
    """The peak of a recipe's blocks.

    Args:
        built: for one replica.
        rows: what the data takes.
        optimizer: of that model.
        batch: rows per batch.
        counted: what each phase of an update does, one after the other.
    """
    model, data = built.model, built.data
    parameters = _bytes(model.parameters())
    state = held(built.sampler.blank(model, data, TensorNoise([0], "plan")))
    batch_bytes = _bytes([data.train[:, :batch]]) + ORDER * data.train.shape[1]
    lasting = rows.own + (1 + optimizer.remembered()) * parameters + state + batch_bytes
    with at_most(1):  # as each of many workers has
        whole = whole_update(model, built.sampler, optimizer)
        if whole and whole.fits(Particles(data.train[:, :batch])):
            return PeakMemory(BESIDE_WHOLE + rows.shared, SCATTERED * (lasting + whole.held(batch)))
    passing = 3 * parameters + max(cost.peak for cost in counted)  # both phases, and the gradient
    return PeakMemory(BESIDE + rows.shared, SCATTERED * (lasting + passing))


def held(state: Any) -> float:
    """Bytes of the arrays in a sampler's state, whatever library they are of."""
    if isinstance(state, Mapping):
        return sum(map(held, state.values()))
    if isinstance(state, tuple | list):
        return sum(map(held, state))
    if is_dataclass(state) and not isinstance(state, type):
        return sum(held(getattr(state, each.name)) for each in fields(state))
    size = getattr(state, "nbytes", 0)
    return float(size) if isinstance(size, int | float) else 0.0


def _bytes(tensors: Iterable[Tensor]) -> float:
    return float(sum(tensor.numel() * tensor.element_size() for tensor in tensors))
