"""The names of values: ``metric.part``, or ``metric`` alone."""

from __future__ import annotations


def metric_of(value: str) -> str:
    """``hamming.test`` -> ``hamming``."""
    return value.partition(".")[0]


def part_of(value: str) -> str:
    """``hamming.test`` -> ``test``; ``""`` for a metric with one number."""
    return value.partition(".")[2]


def in_spectrum(value: str) -> bool:
    """Whether the value is one number of a spectrum, such as ``spectrum.3``."""
    return part_of(value).isdecimal()
