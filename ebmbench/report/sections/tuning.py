"""How methods came to their settings: what was searched, chosen, and how much depends on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isfinite
from statistics import fmean

from ebmbench.interfaces.metric import Direction
from ebmbench.journal.documents import MethodTuning, Tuning
from ebmbench.report.numbers import count
from ebmbench.report.parts import Heading, Part, Table
from ebmbench.summary import Leaderboard, Summary
from ebmbench.summary.tuning import SearchCurve, Sensitivity, equally_far, search_curve, sensitivity

FEW_TRIALS = 4  # of which the best is at an end more often than not
NUMBERS = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)  # of trials, whose best is told


def tuning(summary: Summary, board: Leaderboard) -> list[Part]:
    """The search on a dataset; nothing where there was none."""
    found = summary.run.tuning
    mine = found.on(board.dataset) if found else []
    if found is None or not mine:
        return []
    return [
        Heading("How methods were tuned"),
        f"{_search(found)}{_untuned(board, mine)}",
        Table(
            ["Method", "Chosen", f"{found.spec.metric} there", "Trials", "MACs of the search"],
            [_chosen(each) for each in mine],
        ),
        *_warnings(found, mine),
        *_curves(found, mine),
    ]


def _search(found: Tuning) -> str:
    spec = found.spec
    halved = (
        f" They were begun with few epochs, and one in {spec.halving} went on with "
        f"{spec.halving} times as many, again and again."
        if spec.halving
        else ""
    )
    return (
        f"Each had {spec.trials} trials of {len(found.seeds)} seeds, drawn from a scrambled Sobol "
        f"sequence over what the suite searches for it, trained on {100 * (1 - spec.validation):g} "
        f"% of the training rows and judged by {spec.metric} on the others.{halved} Neither the "
        "seeds of this report nor the test rows took part."
    )


def _untuned(board: Leaderboard, mine: Sequence[MethodTuning]) -> str:
    tuned = {each.method for each in mine}
    others = [row.method for row in board.rows if row.method not in tuned]
    if not others:
        return ""
    have = "has the settings" if len(others) == 1 else "have the settings"
    return f" Not tuned: {', '.join(others)}, which {have} that the suite gives."


def _chosen(each: MethodTuning) -> list[str]:
    best, lost = each.best, sum(trial.is_lost for trial in each.trials)
    settings = ", ".join(f"{option} {value}" for option, value in best.settings.items())
    if best.is_lost:
        settings = f"nothing, as no trial ended well; trained with {settings}"
    trials = f"{len(each.trials)}" + (f", {lost} lost" if lost else "")
    value = "-" if best.is_lost else f"{best.mean:.3g}"
    return [each.method, settings, value, trials, count(sum(t.macs for t in each.trials))]


def _warnings(found: Tuning, mine: Sequence[MethodTuning]) -> list[Part]:
    """What a reader should mistrust: choices at an end, and such as learned nothing."""
    at_ends = [line for each in mine for line in _at_ends(each)]
    useless = [each.method for each in mine if _learned_nothing(each, found.better)]
    told: list[Part] = []
    if at_ends:
        told.append(
            f"At an end of what was searched: {'; '.join(at_ends)}. There may be better beyond."
        )
    if useless:
        told.append(
            f"No better than before training, by {found.spec.metric} on what was held out of the "
            f"training rows: {', '.join(useless)}. Such a choice is the setting that does least "
            "harm: judge by another value, or on data of which a part tells of the rest."
        )
    return told


def _at_ends(each: MethodTuning) -> Iterator[str]:
    """Options whose chosen value is the least or the largest that was tried."""
    if each.best.is_lost or len(each.trials) < FEW_TRIALS:
        return
    for option, (low, high) in each.ends.items():
        chosen, tried = each.best.settings[option], [t.settings[option] for t in each.trials]
        if min(tried) < max(tried) and chosen in (min(tried), max(tried)):
            which = "least" if chosen == min(tried) else "largest"
            yield f"{each.method}, {option} {chosen}, the {which} tried of {low:g} to {high:g}"


def _learned_nothing(each: MethodTuning, better: Direction) -> bool:
    if each.best.is_lost or not each.best.before:
        return False
    gain = fmean(each.best.before) - each.best.mean
    return (gain if better == "lower" else -gain) <= 0


def _curves(found: Tuning, mine: Sequence[MethodTuning]) -> list[Part]:
    """The expected best of n trials, and how much hangs on the settings."""
    equal = [far for each in mine if (far := equally_far(each)) is not None]
    if not equal:
        return [
            "Trials that were ended early are not known to their end, nor where they stood then, "
            "so nothing is said here of what fewer of them would have found."
        ]
    return [*_moment(found, equal), *_best_of_n(found, equal), *_sensitivities(found, equal)]


def _moment(found: Tuning, equal: Sequence[MethodTuning]) -> list[Part]:
    """When trials are looked at that did not all go on."""
    if not found.spec.halving:
        return []
    epochs = min(each.trials[0].epochs for each in equal)
    return [
        f"All trials of a method went equally far in the first round only, {epochs} epochs "
        "each. The numbers that follow are of that moment: they say how much hangs on the settings "
        "then, and not how good the best became."
    ]


def _best_of_n(found: Tuning, equal: Sequence[MethodTuning]) -> list[Part]:
    curves = {each.method: search_curve(each, found.better) for each in equal}
    most = max((len(curve.trials) for curve in curves.values() if curve), default=0)
    numbers = [n for n in NUMBERS if n <= most]
    if len(numbers) < 2:
        return []
    rows = [[name, *_expected(curve, numbers)] for name, curve in curves.items() if curve]
    return [
        f"The best {found.spec.metric} that n trials are expected to find (Dodge et al. 2019). "
        "That of one is a random setting's: the further it is from the last column, the more a "
        "method depends on its settings; what was lost counts as the worst of the others.",
        Table(["Method", *(f"n = {n}" for n in numbers)], rows),
    ]


def _sensitivities(found: Tuning, equal: Sequence[MethodTuning]) -> list[Part]:
    """What shares of the settings reached."""
    enough = [each for each in equal if len(each.trials) >= FEW_TRIALS]
    rows = [[each.method, *_reached(sensitivity(each, found.better))] for each in enough]
    if not rows:
        return []
    return [
        f"How sensitive a method is to its settings: the {found.spec.metric} that the best of its "
        "trials, a quarter, a half and three quarters of them reached. A method that is not has "
        "much the same in all columns.",
        Table(["Method", "Best", "A quarter", "Half", "Three quarters"], rows),
    ]


def _reached(shares: Sensitivity) -> list[str]:
    return [f"{value:.3g}" if isfinite(value) else "lost" for value in shares]


def _expected(curve: SearchCurve, numbers: Sequence[int]) -> list[str]:
    known = len(curve.trials)
    return [f"{curve.expected[n - 1]:.3g}" if n <= known else "" for n in numbers]
