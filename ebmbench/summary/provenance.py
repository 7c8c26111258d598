"""Where numbers come from: what the cells ran on, and how many side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ebmbench.summary.records import Record


def environment_of(records: Sequence[Record]) -> dict[str, tuple[str, ...]]:
    """Key -> the different values met, ``unknown`` for a record without it."""
    keys = dict.fromkeys(key for r in records for key in r["environment"])
    return {k: _different(str(r["environment"].get(k, "unknown")) for r in records) for k in keys}


def blocks_of(records: Sequence[Record]) -> dict[str, tuple[int, ...]]:
    """Method -> the numbers of replicas that trained side by side; failed ones did not train."""
    sizes: dict[str, set[int]] = {}
    for record in records:
        if record["block"]:
            sizes.setdefault(record["method"], set()).add(record["block"]["replicas"])
    return {method: tuple(sorted(found)) for method, found in sizes.items()}


def _different(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(texts)))
