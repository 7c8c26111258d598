"""The example's Slow as many methods, two of which lost seeds: what crowded pictures show."""

from __future__ import annotations

from support import journal_example as example

DIVERGED_ONCE, DIVERGED = "M1", "M2"


def many(n):
    """The run and the records of n methods, M0 first.

    A seed of ``DIVERGED_ONCE`` diverged, and all of ``DIVERGED``; the others' values differ.
    """
    names = [f"M{i}" for i in range(n)]
    slow = [record for record in example.records() if record.method == "Slow"]
    records = [
        _one(record, name, 1 + place / 40) for place, name in enumerate(names) for record in slow
    ]
    said = {"methods": names, "skips": (), "cells": [record.id for record in records]}
    return example.changed(example.run(baseline="M0"), **said), records


def _one(record, name, factor):
    lost = name == DIVERGED or (name == DIVERGED_ONCE and record.seed == 4)
    changed = {"method": name, "id": f"{name}{record.seed}"}
    if lost:
        why = "hamming.test is not finite at epoch 30"
        changed |= {"status": "diverged", "reason": why}
    for value, curve in record.curves.items():
        values = [each * factor for each in curve.value]
        if lost and len(values) > 2:
            values[-2:] = [None, None]
        record = example.with_values(record, value, values)
    return example.changed(record, **changed)
