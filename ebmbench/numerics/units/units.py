"""What is asked of a kind of visible units."""

from __future__ import annotations

from abc import ABC, abstractmethod

from torch import Tensor

from ebmbench.numerics.noise import Noise


class Units(ABC):
    """Interface: what the numbers of a row of V columns are. Equal where they mean the same."""

    @abstractmethod
    def __str__(self) -> str:
        """In a sentence: ``spins, +1 or -1``."""

    @abstractmethod
    def fault_of(self, rows: Tensor) -> str | None:
        """Why rows (N, V) are none of these, after the word "holds" or "has"; None if they are."""

    @abstractmethod
    def random(self, rows: int, visible: int, noise: Noise) -> Tensor:
        """Rows to start chains from, all states alike, (R, rows, V) float32."""

    @abstractmethod
    def states(self, visible: int) -> Tensor | None:
        """All states of V columns, (S, V) float32; None where they cannot be counted."""

    @abstractmethod
    def index_of(self, rows: Tensor) -> Tensor:
        """Where rows (..., V) stand in ``states``, (...) int64."""

    def draws(self, visible: int) -> int:
        """Random numbers that a row of V columns takes. Default: one each."""
        return visible

    def suited(self, visible: int) -> int:
        """The smallest number of columns, from V up, that rows can have. Default: V."""
        return visible
