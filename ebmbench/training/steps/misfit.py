"""What an optimiser asks of a model or a sampler and does not get."""

from __future__ import annotations

from typing import NamedTuple


class Misfit(NamedTuple):
    """Why a model cannot be stepped as it is asked for.

    Attributes:
        path: of the option, within the optimiser's.
        problem: what is wrong, without a full stop.
        remedy: a sentence.
    """

    path: tuple[str, ...]
    problem: str
    remedy: str
