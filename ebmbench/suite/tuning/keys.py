"""The keys that speak of tuning: what is searched of a method, and how much search each gets."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, Field, model_validator

from ebmbench.interfaces.component import Options

MOST_TRIALS = 1000
MOST_OPTIONS = 20  # of one method that are searched together

Number = int | float
Ends = Annotated[list[Number], Field(min_length=2, max_length=2)]


class Between(Options):
    """A number between two ends, drawn evenly, or evenly in its logarithm."""

    log: Ends | None = Field(None, description="Two ends above 0: even steps are even ratios")
    linear: Ends | None = Field(None, description="Two ends")

    @model_validator(mode="after")
    def _two_ends(self) -> Between:
        if (self.log is None) == (self.linear is None):
            raise ValueError("give log: [from, to] or linear: [from, to]")
        low, high = self.ends
        if not low < high:
            raise ValueError(f"from {low:g} to {high:g}: the first end is to be the smaller one")
        if self.log is not None and low <= 0:
            raise ValueError(f"{low:g} has no logarithm; give ends above 0")
        return self

    @property
    def ends(self) -> tuple[Number, Number]:
        """The smallest and the largest."""
        low, high = self.log or self.linear or (0, 0)
        return low, high

    @property
    def is_whole(self) -> bool:
        """Whether it is a whole number: where both ends are written as such."""
        return all(type(end) is int for end in self.ends)


Values = Annotated[list[Any], Field(min_length=1, max_length=MOST_TRIALS)]


def _not_too_many(searched: dict[str, Any]) -> dict[str, Any]:
    if not 1 <= len(searched) <= MOST_OPTIONS:
        raise ValueError(f"{len(searched)} options; search 1 to {MOST_OPTIONS}")
    return searched


Tune = Annotated[dict[str, Between | Values], AfterValidator(_not_too_many)]
"""Option -> its values, or between what it lies."""


class TuningSpec(Options):
    """How much search each method gets, on seeds of its own and on a part of the training data."""

    trials: int = Field(
        16, ge=1, le=MOST_TRIALS, description="Settings that are tried, the same number per method"
    )
    seeds: int = Field(
        3, ge=1, le=1000, description="Seeds of each trial, none of those that are reported"
    )
    metric: str = Field(description="The value that decides, such as nll.test")
    validation: float = Field(
        0.2,
        gt=0,
        lt=1,
        description="Share of the training rows that a trial does not see, and is measured on in "
        "place of the test rows",
    )
    halving: int | None = Field(
        None,
        ge=2,
        le=100,
        description="n: trials are begun with few epochs, and the best nth of them with n times "
        "as many, again and again until they have all; left out, all trials have all epochs",
    )
