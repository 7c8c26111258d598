"""A summary as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from math import isfinite
from typing import Any

from ebmbench.cost import Cost
from ebmbench.summary.summary import Summary


def as_json(summary: Summary) -> dict[str, Any]:
    """The summary as plain data, with null for what is not a finite number."""
    data: dict[str, Any] = _plain(asdict(summary))
    return data


def _plain(x: Any) -> Any:
    if isinstance(x, Mapping):
        return {str(key): _plain(item) for key, item in x.items()}
    if isinstance(x, Cost):
        return _plain(x._asdict())
    if isinstance(x, list | tuple):
        return [_plain(item) for item in x]
    return None if isinstance(x, float) and not isfinite(x) else x
