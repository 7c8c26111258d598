"""Which kernel a plan takes where one of them fails."""

import pytest

from ebmbench.errors import ConfigError
from ebmbench.interfaces.installed.registry import Registry
from support.suites import SMALL, plan


@pytest.fixture
def failing(monkeypatch):
    def fail(kernel, model, device):
        raise ArithmeticError("it does not add up")

    fastest = max(Registry.discover().kernels(), key=lambda each: each.priority)
    monkeypatch.setattr(fastest, "supports", fail)
    monkeypatch.setattr(fastest, "usable", lambda kernel, device: None)
    return fastest.name


def test_a_kernel_that_fails_is_passed_over_and_told_once(failing, tmp_path):
    made = plan(tmp_path)
    assert {recipe.kernel.name for recipe in made.recipes} & {failing} == set()
    told = [str(each) for each in made.notes if "passed over" in str(each)]
    assert len(told) == 1
    assert f"kernel '{failing}': ArithmeticError: it does not add up" in told[0]


def test_a_kernel_that_was_asked_for_is_not(failing, tmp_path):
    text = SMALL.replace("k: 2}", f"k: 2}}\n    kernel: {failing}", 1)
    with pytest.raises(ConfigError, match="it does not add up"):
        plan(tmp_path, text)
