"""How long the search before a plan will take: its first round as planned, others by share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from statistics import fmean
from typing import NamedTuple

from ebmbench.api.execute import journal_of
from ebmbench.api.forecast import Forecast, forecast
from ebmbench.api.planning import Asked
from ebmbench.api.tuning import FOLDER, Round, first_stage, rounds_of
from ebmbench.journal.journal import Journal
from ebmbench.plan.plan import Plan
from ebmbench.speed.roofline import Roofline


class SearchForecast(NamedTuple):
    """What is left of a search.

    Attributes:
        cells: that are missing.
        seconds: until the last has ended; of rounds after the first by the epochs that each trial
            is given, of the mean over the trials of a method.
        is_guess: whether a part of it is no more than that.
    """

    cells: int
    seconds: float
    is_guess: bool


def forecast_search(
    asked: Asked, plan: Plan, runs: Path, workers: int, roofline: Callable[[], Roofline]
) -> SearchForecast | None:
    """What the search before a plan will take; None where its suite does not tune.

    Args:
        asked: what is planned.
        plan: of it, before anything is chosen.
        runs: where runs are kept.
        workers: that run blocks, one each at a time.
        roofline: measures this machine; asked only where records do not say enough.
    """
    spec = plan.suite.spec.tuning
    if spec is None:
        return None
    trials = asked.planned(first_stage(spec))
    folder = journal_of(plan, runs).folder / FOLDER
    first = forecast(trials, journal_of(trials, folder), workers, roofline)
    rounds = rounds_of(trials, spec)
    left = sum(each.cells - each.there for each in first.methods)
    seconds, guessed = first.seconds, first.is_guess
    for number, each in enumerate(rounds[1:], start=2):
        missing = max(each.cells - _there(folder, number), 0)
        seconds += missing * _each_takes(first, each, rounds[0]) / workers
        left += missing
        guessed |= missing > 0 and _is_guess(first)
    return SearchForecast(left, seconds, guessed)


def _each_takes(first: Forecast, later: Round, earliest: Round) -> float:
    """Seconds of a trial's cell in a later round: the mean of the first, of more epochs."""
    return fmean(each.seconds for each in first.methods) * later.share / earliest.share


def _is_guess(first: Forecast) -> bool:
    return any(each.basis == "roofline" for each in first.methods)


def _there(folder: Path, number: int) -> int:
    """The cells of a round that have a record."""
    return sum(len(Journal(each).ids()) for each in folder.glob(f"rung-{number}-*"))
