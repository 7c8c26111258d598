"""Mistakes of models, datasets and metrics are caught, and their causes told."""

import pytest
from wrong_components import RIGHT, WRONG, Declared

from ebmbench.checks import checks_of
from ebmbench.interfaces.installed.registry import Registry


def named(component, name):
    found = {each.name: each for each in checks_of(component, registry=Registry())}
    return found[name]


@pytest.mark.parametrize(("component", "check", "words"), WRONG, ids=lambda value: str(value)[-30:])
def test_a_mistake_is_caught_and_its_cause_told(component, check, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    _, status, sentence = named(component, check).outcome()
    assert status == "failed"
    assert words in sentence


@pytest.mark.parametrize("component", RIGHT)
def test_its_twin_without_the_mistake_passes(component):
    for check in checks_of(component, registry=Registry()):
        assert check.outcome().status in ("passed", "skipped"), check.outcome()


def test_a_dataset_that_passes_says_how_many_rows_it_shares():
    _, status, sentence = named(Declared, "held-out").outcome()
    assert status == "passed"
    assert "2 of 5 test rows (40.0%) are training rows too, and 0 more" in sentence
