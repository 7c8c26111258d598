"""Parallel tempering: chains at several temperatures that trade places."""

from __future__ import annotations

from ebmbench import Metric, Sampler, hookimpl
from ebmbench_pt.pt import PT
from ebmbench_pt.round_trips import RoundTrips


@hookimpl
def ebmbench_samplers() -> list[type[Sampler]]:
    """Chains that are tempered."""
    return [PT]


@hookimpl
def ebmbench_metrics() -> list[type[Metric]]:
    """How well they travel."""
    return [RoundTrips]
