"""Each mistake is caught by the check that is there for it, and the sentence tells the cause."""

import pytest
import wrong_counts
import wrong_couplings
import wrong_samplers
from wrong_samplers import (
    DownhillToo,
    ForgottenBias,
    GlobalGenerator,
    HalfHidden,
    MetropolisPersistent,
)

from ebmbench.checks import checks_of
from ebmbench.interfaces.installed.registry import Registry

WRONG = wrong_samplers.WRONG + wrong_couplings.WRONG + wrong_counts.WRONG
RIGHT = wrong_samplers.RIGHT + wrong_counts.RIGHT
NOTHING = Registry()  # nothing installed is needed


def name_of(value):
    return getattr(value, "name", None) or f"{value.component.name}-{value.check}"


@pytest.mark.parametrize("wrong", WRONG, ids=name_of)
def test_a_mistake_is_caught_and_its_cause_told(wrong):
    found = {each.name: each for each in checks_of(wrong.component, registry=NOTHING)}
    _, status, sentence = found[wrong.check].outcome()
    assert status == "failed"
    for words in wrong.words:
        assert words in sentence
    for words in wrong.unsaid:
        assert words not in sentence


@pytest.mark.parametrize("component", [HalfHidden, DownhillToo, MetropolisPersistent], ids=name_of)
def test_no_number_of_gibbs_steps_is_told_of_chains_that_take_none(component):
    (steps,) = [each for each in checks_of(component, registry=NOTHING) if each.name == "steps"]
    assert steps.outcome().status in ("passed", "skipped"), steps.outcome()


@pytest.mark.parametrize(
    ("component", "check"),
    [
        (ForgottenBias, "current-parameters"),
        (GlobalGenerator, "data-leak"),
        (GlobalGenerator, "state"),
    ],
)
def test_a_check_is_silent_on_what_another_tells(component, check):
    (found,) = [each for each in checks_of(component, registry=NOTHING) if each.name == check]
    assert found.outcome().status in ("passed", "skipped"), found.outcome()


@pytest.mark.parametrize("right", RIGHT, ids=name_of)
def test_its_twin_without_the_mistake_passes(right):
    for check in checks_of(right, registry=NOTHING):
        outcome = check.outcome()
        assert outcome.status in ("passed", "skipped"), outcome
