"""What was compared: what each method is made of."""

from __future__ import annotations

import pytest

from ebmbench.journal.documents import Components, MethodParts, Named
from ebmbench.report.parts import Table
from ebmbench.report.sections import compared
from ebmbench.suite.variants import Variant
from support.result_example import result, spread


def method(sampler="cd", lr=0.1, acp=None, **options):
    options = {"acp": {"threshold": acp}, **options}
    return MethodParts(
        model=Named(name="rbm", version="1", options={"hidden": 12, "bias": True}),
        sampler=Named(name=sampler, version="1", options=options),
        optimizer={"name": "sgd", "lr": lr},
        batch={"size": 10, "last": "mean"},
    )


def tables(methods, **run):
    components = Components(datasets={}, metrics={}, methods=methods)
    ends = {"bars": {name: spread(0.1, seeds=3) for name in methods}}
    return compared(result(ends, components=components, **run))


@pytest.fixture
def parts():
    return tables(
        {
            "CD-1": method(k=1),
            "CD-9": method(k=9),
            "PCD": method("pcd", k=1, chains=64),
            "ACP": method(k=1, acp=0.02),
        }
    )


def test_there_is_a_column_for_what_differs_only(parts):
    assert parts[0].head == ["Method", "Model", "Sampler", "k", "Chains"]
    assert [*parts[0].rows[2]] == ["PCD", "rbm", "pcd", "1", "64"]
    assert [*parts[0].rows[0]] == ["CD-1", "rbm", "cd", "1", "-"]


def test_what_is_the_same_is_told_once(parts):
    assert parts[1] == (
        "The same for all: hidden units 12, batch 10, optimiser sgd, learning rate 0.1."
    )


def test_other_differences_are_told_of_those_that_are_unlike_most(parts):
    assert parts[2] == Table(["Method", "Unlike most others"], [["ACP", "acp.threshold 0.02"]])


def test_what_is_swept_has_one_row_that_says_so():
    swept = {f"CD[lr={i}]": Variant("CD", {"optimizer.lr": i}) for i in range(1, 14)}
    methods = {name: method(lr=float(v.swept["optimizer.lr"]), k=1) for name, v in swept.items()}
    variants = {"datasets": {}, "methods": swept}
    (table, *_) = tables({**methods, "Other": method(k=2)}, variants=variants)
    assert [row[0] for row in table.rows] == ["CD[lr=1]", "Other"]
    assert [row[-1] for row in table.rows] == ["swept", "0.1"]


def test_without_components_there_is_nothing_to_tell():
    assert compared(result({"bars": {"A": [0.1]}})) == []
