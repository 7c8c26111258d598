"""Every component of the built-in plugins keeps what is asked of a stranger's."""

from pathlib import Path

import pytest

from ebmbench.checks import checks_of
from ebmbench.interfaces.installed.registry import FAMILIES, Registry

PLUGINS = {folder.name for folder in (Path(__file__).parents[2] / "plugins").iterdir()}
REGISTRY = Registry.discover()
BUILT_IN = [
    entry.component
    for family in FAMILIES
    for entry in REGISTRY.families[family].values()
    if entry.component.__module__.split(".")[0] in PLUGINS
]


@pytest.mark.parametrize("component", BUILT_IN, ids=lambda each: each.name)
def test_a_built_in_component_passes_all_checks(component):
    for check in checks_of(component, registry=REGISTRY):
        outcome = check.outcome()
        assert outcome.status in ("passed", "known", "skipped"), outcome


def test_most_checks_apply_to_most_components():
    """Skipped checks would pass anything."""
    rbm = next(each for each in BUILT_IN if each.name == "rbm")
    skipped = [
        check.name
        for check in checks_of(rbm, registry=REGISTRY)
        if check.outcome().status == "skipped"
    ]
    assert set(skipped) <= {"device", "gauge", "log-z"}  # of one-hot units; where one is given


def test_patterns_are_known_to_be_no_sample_of_the_model():
    pid = next(each for each in BUILT_IN if each.name == "pid")
    (check,) = [each for each in checks_of(pid, registry=REGISTRY) if each.name == "no-drift"]
    assert check.outcome().status == "known"
