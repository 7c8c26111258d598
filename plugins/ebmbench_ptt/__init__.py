"""Parallel trajectory tempering: chains that trade places with samples of an earlier model."""

from __future__ import annotations

from ebmbench import Metric, Sampler, hookimpl
from ebmbench_ptt.ptt import PTT
from ebmbench_ptt.trajectory_metric import TrajectoryMetric


@hookimpl
def ebmbench_samplers() -> list[type[Sampler]]:
    """Chains that are tempered along the training's own trajectory."""
    return [PTT]


@hookimpl
def ebmbench_metrics() -> list[type[Metric]]:
    """How the trajectory went."""
    return [TrajectoryMetric]
