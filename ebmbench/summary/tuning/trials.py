"""Where trials ended, and which of them is best."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import isfinite
from typing import Any

from ebmbench.interfaces.metric import Direction
from ebmbench.journal.documents import CellRecord, EarlyEnd, MethodTuning, RunDocument, TrialEnd

Ends = dict[tuple[str, str], dict[int, TrialEnd]]
"""Dataset and method -> trial's number -> where it ended."""


def trial_ends(
    run: RunDocument,
    records: Sequence[CellRecord],
    value: str,
    settings: Mapping[str, Sequence[dict[str, Any]]],
) -> Ends:
    """Where the trials of a suite of trials ended.

    Args:
        run: of trials.
        records: of its cells.
        value: what decides.
        settings: what is tried of each method.
    """
    there = {(r.dataset, r.method, r.seed): r for r in records}
    ends: Ends = {}
    for dataset in run.datasets:
        for name in run.methods:
            origin, number = run.variants["methods"][name].origin, _number(run, name)
            mine = [there.get((dataset, name, seed)) for seed in run.seeds]
            if any(mine):  # not skipped on this dataset
                ends.setdefault((dataset, origin), {})[number] = TrialEnd(
                    number=number,
                    settings=settings[origin][number - 1],
                    values=tuple(_last(record, value) for record in mine),
                    before=tuple(_before(mine, value)),
                    epochs=run.epochs,
                    macs=sum(_macs(record) for record in mine if record),
                )
    return ends


def gone_on(before: Mapping[int, TrialEnd], after: Mapping[int, TrialEnd]) -> dict[int, TrialEnd]:
    """Trials after another round: those that went on keep where they stood after the first."""
    further = {
        number: trial.model_copy(update={"early": _first(before.get(number))})
        for number, trial in after.items()
    }
    return {**before, **further}


def best_first(trials: Mapping[int, TrialEnd], better: Direction) -> list[TrialEnd]:
    """Those that went furthest before others, the best mean first, and what is lost last."""

    def rank(trial: TrialEnd) -> tuple[bool, int, float, int]:
        mean = 0.0 if trial.is_lost else trial.mean if better == "lower" else -trial.mean
        return trial.is_lost, -trial.epochs, mean, trial.number

    return sorted(trials.values(), key=rank)


def method_tunings(
    ends: Ends, better: Direction, searched: Mapping[str, Mapping[str, tuple[float, float]]]
) -> Iterator[MethodTuning]:
    """What was chosen, for each dataset and method.

    Args:
        ends: where trials ended.
        better: what is best.
        searched: method -> option -> between what it was searched.
    """
    for (dataset, method), trials in ends.items():
        chosen = best_first(trials, better)[0].number
        ordered = tuple(trials[number] for number in sorted(trials))
        yield MethodTuning(
            dataset=dataset,
            method=method,
            trials=ordered,
            chosen=chosen,
            ends=dict(searched.get(method, {})),
        )


def _first(trial: TrialEnd | None) -> EarlyEnd | None:
    if trial is None:
        return None
    return trial.early or EarlyEnd(epochs=trial.epochs, values=trial.values)


def _number(run: RunDocument, name: str) -> int:
    (number,) = run.variants["methods"][name].swept.values()
    return int(number)


def _last(record: CellRecord | None, value: str) -> float | None:
    if record is None or record.status != "done" or value not in record.curves:
        return None
    return record.curves[value].last


def _before(records: Sequence[CellRecord | None], value: str) -> Iterator[float]:
    """Of the untrained models, where that is known."""
    for record in records:
        curve = record.curves.get(value) if record else None
        if curve is None or not curve.epoch or curve.epoch[0] != 0:
            continue
        first = curve.value[0]
        if first is not None and isfinite(first):
            yield first


def _macs(record: CellRecord) -> float:
    if record.cost is None:
        return 0.0
    return record.cost.updates * sum(each.macs for each in record.cost.counted.values())
