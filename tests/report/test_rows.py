"""Exports: flat rows of the made-up run."""

from __future__ import annotations

import csv
import json

import pytest

from ebmbench.report.rows import COST, VALUES, export
from support import journal_example as example


def lines(what: str, format_: str) -> list[str]:
    return list(export(example.run(), example.records(), what, format_))


def test_values_have_exactly_the_columns_promised():
    rows = [json.loads(line) for line in lines("values", "jsonl")]
    names = ["dataset", "method", "seed", "metric", "epoch", "update", "seconds", "value"]
    assert all(list(row) == names for row in rows)


def test_every_value_of_every_cell_is_there_once():
    rows = [json.loads(line) for line in lines("values", "jsonl")]
    curves = [c for r in example.records() for c in r.curves.values()]
    keys = {(r["dataset"], r["method"], r["seed"], r["metric"], r["epoch"]) for r in rows}
    assert len(rows) == len(keys) == sum(len(c.value) for c in curves)


def test_a_value_that_is_not_finite_is_null_in_json_and_empty_in_csv():
    cut = [json.loads(x) for x in lines("values", "jsonl") if '"value": null' in x]
    assert {(r["method"], r["seed"]) for r in cut} == {("Twin", 4)}
    rows = list(csv.DictReader(lines("values", "csv")))
    assert sum(row["value"] == "" for row in rows) == len(cut)


@pytest.mark.parametrize("what", ["values", "cost"])
def test_csv_and_json_say_the_same(what):
    from_json = [json.loads(line) for line in lines(what, "jsonl")]
    from_csv = list(csv.DictReader(lines(what, "csv")))
    as_text = [{k: "" if x is None else str(x) for k, x in row.items()} for row in from_json]
    assert as_text == from_csv


def test_costs_are_per_update_and_per_method():
    rows = {row["method"]: row for row in map(json.loads, lines("cost", "jsonl"))}
    assert list(rows) == ["Fast", "Slow", "Twin"]
    assert tuple(rows["Slow"]) == COST
    assert rows["Slow"]["updates"] == 500
    assert rows["Slow"]["negative_seconds"] == pytest.approx(0.001)
    assert rows["Slow"]["update_seconds"] == pytest.approx(0.0013)
    assert rows["Fast"]["negative_macs"] == 128_000
    assert rows["Fast"]["macs"] == 160_000
    assert rows["Slow"]["train_seconds"] == pytest.approx(500 * 0.0013)
    assert rows["Fast"]["train_macs"] == 160_000 * rows["Fast"]["updates"]


def test_only_the_runs_own_cells_are_exported():
    stranger = example.changed(example.record("Fast", 0), id="bars--Fast--s0--other")
    more = list(export(example.run(), [*example.records(), stranger], "values", "csv"))
    assert more == lines("values", "csv")


def test_the_order_of_the_records_does_not_matter():
    turned = list(export(example.run(), example.records()[::-1], "values", "jsonl"))
    assert turned == lines("values", "jsonl")


def test_an_empty_run_exports_a_heading():
    assert list(export(example.run(), [], "values", "csv")) == [",".join(VALUES) + "\n"]
    assert list(export(example.run(), [], "cost", "jsonl")) == []
