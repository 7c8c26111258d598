"""Each mistake is caught by the check that is there for it, and the sentence tells the cause."""

import pytest
from wrong_samplers import RIGHT, WRONG

from ebmbench.checks import checks_of
from ebmbench.interfaces.registry import Registry

NOTHING = Registry()  # nothing installed is needed


def name_of(value):
    return getattr(value, "name", None) or value.component.name


@pytest.mark.parametrize("wrong", WRONG, ids=name_of)
def test_a_mistake_is_caught_and_its_cause_told(wrong):
    found = {each.name: each for each in checks_of(wrong.component, registry=NOTHING)}
    _, status, sentence = found[wrong.check].outcome()
    assert status == "failed"
    for words in wrong.words:
        assert words in sentence


@pytest.mark.parametrize("right", RIGHT, ids=name_of)
def test_its_twin_without_the_mistake_passes(right):
    for check in checks_of(right, registry=NOTHING):
        outcome = check.outcome()
        assert outcome.status in ("passed", "skipped"), outcome
