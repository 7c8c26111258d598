"""What has changed between two results, in words."""

import json

import pytest

from ebmbench.plan.changes import changes
from support.suites import SMALL, plan


@pytest.fixture
def inputs(tmp_path):
    """By method, of a suite with some text in place of another."""

    def made(old="", new=""):
        found = plan(tmp_path, SMALL.replace(old, new, 1) if old else SMALL).inputs
        return {method: json.loads(json.dumps(each)) for (_, method), each in found.items()}

    return made


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("k: 2}", "k: 3}", ["sampler.k: 3, was 2"]),
        ("lr: 0.01}", "lr: 0.1, betas: [0.5, 0.9]}", ["optimizer.lr: 0.1, was 0.01", "betas"]),
        ("size: 3}", "size: 4}", ["dataset.size: 4, was 3"]),
        ("epochs: 3", "epochs: 4", ["epochs: 4, was 3"]),
        ("at: {every: 2}", "at: {every: 1}", ["the metric nll is measured at other epochs"]),
        ("name: hamming, samples: 7", "name: hamming, samples: 8", ["hamming.samples: 8, was 7"]),
        ("  - {name: nll, at: {every: 2}}\n", "", ["the metric nll is gone"]),
        ("name: cd, k: 2", "name: pcd, k: 2", ["sampler: pcd, was cd"]),
    ],
)
def test_a_change_of_the_suite_is_told_by_its_option(old, new, told, inputs):
    found = changes(inputs()["CD-2"], inputs(old, new)["CD-2"])
    assert len(found) == len(told)
    for each, part in zip(found, told, strict=True):
        assert part in each


def test_nothing_has_changed_where_nothing_has(inputs):
    assert changes(inputs()["CD-2"], inputs()["CD-2"]) == []


def test_changed_code_and_versions_are_told_by_name(inputs):
    before, now = inputs()["CD-2"], inputs()["CD-2"]
    now["code"]["ebmbench_gibbs.cd"] = "0"
    now["code"]["ebmbench_gibbs.more"] = "1"
    del now["code"]["ebmbench.training.train"]
    now["dataset"]["files"]["digits.csv"] = "2"
    assert changes(before, now)[0] == "the file digits.csv is new"
    now["dataset"]["files"].clear()
    assert changes(before, now) == [
        "the code of ebmbench.training.train is gone",
        "the code of ebmbench_gibbs.cd has changed",
        "the code of ebmbench_gibbs.more is new",
    ]
    now["model"]["version"] = "77"
    assert changes(before, now) == [
        f"version of model 'rbm': 77, was {before['model']['version']}",
        "the code of ebmbench_gibbs.cd has changed",
    ]


@pytest.mark.parametrize("before", [{}, {"code": 7}, {"metrics": {"nll": 3}}, {"model": [1]}])
def test_what_is_stored_may_be_anything(before, inputs):
    assert changes(before, inputs()["CD-2"])
