"""How much a method hangs on its settings."""

from __future__ import annotations

from math import inf
from typing import NamedTuple

from ebmbench.interfaces.metric import Direction
from ebmbench.journal.documents import MethodTuning, TrialEnd


class Sensitivity(NamedTuple):
    """What shares of a method's trials reached; infinite (its worst side) where they were lost.

    Attributes:
        best: of all trials.
        quarter, half, three_quarters: what so many of them reached, or better.
    """

    best: float
    quarter: float
    half: float
    three_quarters: float


def equally_far(tuned: MethodTuning) -> MethodTuning | None:
    """The trials where all had gone equally far: at their ends, or after the first round.

    None where that is not known.
    """
    if len({trial.epochs for trial in tuned.trials}) == 1:
        return tuned
    trials = tuple(_back_then(trial) for trial in tuned.trials)
    if len({trial.epochs for trial in trials}) > 1:
        return None
    return tuned.model_copy(update={"trials": trials})


def sensitivity(tuned: MethodTuning, better: Direction) -> Sensitivity:
    """Of trials that went equally far; each number is that of a trial, none is interpolated."""
    sign = 1 if better == "lower" else -1
    values = sorted(inf if t.is_lost else sign * t.mean for t in tuned.trials)
    last = len(values) - 1
    return Sensitivity(*(sign * values[-(-last * part // 4)] for part in range(4)))


def _back_then(trial: TrialEnd) -> TrialEnd:
    return trial if trial.early is None else trial.model_copy(update=trial.early.model_dump())
