"""Mistakes of models, datasets and metrics are caught, and their causes told."""

import pytest
from wrong_components import RIGHT, WRONG

from ebmbench.checks import checks_of
from ebmbench.interfaces.registry import Registry


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
