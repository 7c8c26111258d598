"""When something is measured, and when a training ends."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from ebmbench.interfaces.component import Options

MOST_EPOCHS = 1_000_000
MOST_UPDATES = 10**12
MOST_MACS = 1e30
MOST_SECONDS = 100_000_000  # three years
LOG_STEPS = (1, 2, 3, 5, 7)


class Every(Options):
    """Every n epochs."""

    every: int = Field(ge=1, le=MOST_EPOCHS, description="Epochs between two measurements")


class Epochs(Options):
    """At the epochs listed; 0 is before training."""

    epochs: list[Annotated[int, Field(ge=0, le=MOST_EPOCHS)]] = Field(
        min_length=1, description="Epochs at which to measure, 0 being before training"
    )


def _meant(at: Any) -> str:
    """Which of the three ways is meant, so that what is wrong is said of that one alone."""
    keys = at if isinstance(at, Mapping) else vars(at) if isinstance(at, Options) else None
    if keys is None:
        return "log"
    return "Epochs" if "epochs" in keys else "Every"


At = Annotated[
    Annotated[Literal["log"], Tag("log")]
    | Annotated[Every, Tag("Every")]
    | Annotated[Epochs, Tag("Epochs")],
    Discriminator(_meant),
]


def epochs_of(at: At, last: int) -> frozenset[int]:
    """The epochs that ``at`` means in a training of ``last`` epochs; the last is always one.

    ``log`` is 0, 1, 2, 3, 5, 7, 10, 20, 30, 50, 70, 100, ...: even steps on a log axis.
    """
    return frozenset(epoch for epoch in _chosen(at, last) if epoch <= last) | {last}


def is_due(at: At, epoch: int) -> bool:
    """Whether ``at`` means this epoch, of a training of which nobody knows the last."""
    return epoch in _chosen(at, epoch)


def _chosen(at: At, last: int) -> Collection[int]:
    """What ``at`` means, as far as ``last`` at least."""
    if at == "log":
        decades = [step * 10**power for power in range(len(str(last))) for step in LOG_STEPS]
        return [0, *decades]
    return range(0, last + 1, at.every) if isinstance(at, Every) else at.epochs


class Budget(Options):
    """One of three, of each replica; a training ends with the update that spends it."""

    macs: float | None = Field(
        None, gt=0, le=MOST_MACS, description="Multiply-adds, as they are counted of an update"
    )
    updates: int | None = Field(None, ge=1, le=MOST_UPDATES, description="Updates")
    seconds: float | None = Field(
        None,
        gt=0,
        le=MOST_SECONDS,
        description="Seconds of training, evaluation apart: the replica's share of its block's",
    )

    @model_validator(mode="after")
    def _one_of_them(self) -> Budget:
        if sum(each is not None for each in (self.macs, self.updates, self.seconds)) != 1:
            raise ValueError("give one of macs, updates and seconds")
        return self

    def updates_of(self, macs: float) -> int | None:
        """Updates that it pays for, at so many multiply-adds each; None where seconds end it.

        At least one, and no more than it has multiply-adds for.
        """
        if self.macs is not None:
            return max(1, int(self.macs / macs))
        return self.updates

    def __str__(self) -> str:
        if self.macs is not None:
            return f"{self.macs:g} multiply-adds"
        return f"{self.updates:,} updates" if self.updates else f"{self.seconds:g} s of training"
