"""When something happens: after an update, at an epoch's end, at chosen epochs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from ebmbench.interfaces.component import Options

MOST_EPOCHS = 1_000_000
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
    if at == "log":
        decades = [step * 10**power for power in range(len(str(last))) for step in LOG_STEPS]
        chosen = [0, *decades]
    elif isinstance(at, Every):
        chosen = list(range(0, last, at.every))
    else:
        chosen = list(at.epochs)
    return frozenset(epoch for epoch in chosen if epoch <= last) | {last}
