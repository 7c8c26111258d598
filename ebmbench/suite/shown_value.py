"""The value that is shown while a run goes on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ebmbench.interfaces.metric import Direction
from ebmbench.suite.keys import ReportSpec
from ebmbench.training.recipe import Measurement

Ways = Mapping[str, Direction | Mapping[str, Direction] | None]
"""What a metric's values are called -> which way is better, for all parts or by part."""


def shown_value(report: ReportSpec, better: Ways, tuned_for: str | None = None) -> str | None:
    """The one that verdicts will be about, as far as that is known before anything is measured.

    The target's, else what methods are tuned for, else the first column of which one way is better;
    where a suite names no columns, the first such value of its metrics, training rows first. A
    metric of which no part is known is named alone.
    """
    if report.target is not None:
        return report.target.metric
    if tuned_for is not None:
        return tuned_for
    values = report.columns or [name for metric in better for name in _of_metric(metric, better)]
    return next((name for name in values if _has_way(name, better)), None)


def ways_of(metrics: Sequence[Measurement]) -> Ways:
    """Those of a suite's metrics, by part wherever a metric names its parts."""
    return {each.name: _ways(each) for each in metrics}


def _ways(measured: Measurement) -> Direction | Mapping[str, Direction] | None:
    metric = measured.metric.component
    parts = metric.parts_with(measured.metric.options)
    if metric.better is None or isinstance(metric.better, Mapping) or parts is None:
        return metric.better
    return dict.fromkeys(parts, metric.better)


def _of_metric(metric: str, better: Ways) -> Iterator[str]:
    ways = better[metric]
    if not isinstance(ways, Mapping):
        yield metric
        return
    for part in sorted(ways, key=lambda part: part != "train"):  # a stable sort
        yield f"{metric}.{part}" if part else metric


def _has_way(value: str, better: Ways) -> bool:
    metric, _, part = value.partition(".")
    ways = better.get(metric)
    return (ways.get(part) if isinstance(ways, Mapping) else ways) is not None
