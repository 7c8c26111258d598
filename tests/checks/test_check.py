"""What comes of a check: statuses, sentences, options that are tried, and the command."""

import json
import warnings
from unittest import SkipTest

import pytest
from pydantic import Field

from ebmbench import Metric, Sampler
from ebmbench.checks import Check, Failed, NotApplicable, checks_of
from ebmbench.checks.examples import guessed, neighbours, small
from ebmbench.interfaces.installed.registry import Registry
from support.command_line import ebmbench


class Plain(Sampler):
    """<dF>_model of nothing at all, for these tests."""

    name = "plain"

    class Options(Sampler.Options):
        size: int = Field(ge=4, le=9, description="A size")
        share: float = Field(gt=0, lt=1, description="A share")
        fast: bool = Field(False, description="Whether")


class Declared(Plain):
    """<dF>_model of nothing at all, which says so."""

    known_failures = {"it": "it has no particles by design"}


def check(component, *found):
    """A check named "it" that raises, or not, for one set of options after the other."""
    left = list(found)

    def examine(example):
        """Something holds."""
        what = left.pop(0)
        if what is not None:
            raise what

    options = [{"size": 4 + index, "share": 0.5} for index in range(len(found))]
    return Check("it", component, examine, options, Registry())


def test_it_passes_where_it_holds_for_all_options():
    assert check(Plain, None, None).outcome() == ("it", "passed", "")


def test_a_failure_says_with_which_options():
    outcome = check(Plain, None, Failed("it is off by 3")).outcome()
    assert outcome.status == "failed"
    assert outcome.sentence == "with {size: 5, share: 0.5}: it is off by 3"


def test_an_exception_is_a_failure_that_names_its_line():
    outcome = check(Plain, ValueError("no such thing")).outcome()
    assert outcome.status == "failed"
    assert "it raised ValueError: no such thing (File " in outcome.sentence
    assert "test_check.py" in outcome.sentence


def test_it_is_skipped_only_where_it_applies_to_no_options():
    skip = NotApplicable("there is nothing to see")
    assert check(Plain, skip, skip).outcome() == ("it", "skipped", "there is nothing to see")
    assert check(Plain, skip, None).outcome().status == "passed"


def test_a_declared_failure_is_known_and_one_that_passes_is_told():
    known, mended = (check(Declared, each).outcome() for each in (Failed("off"), None))
    assert known == ("it", "known", "it has no particles by design")
    assert mended.status == "mended"
    assert "declare it no longer" in mended.sentence


def test_pytest_sees_failures_skips_and_warnings():
    check(Plain, None)()
    with pytest.raises(Failed, match="off"):
        check(Plain, Failed("off"))()
    with pytest.raises(SkipTest, match="by design"):
        check(Declared, Failed("off"))()
    with pytest.raises(SkipTest, match="nothing"):
        check(Plain, NotApplicable("nothing"))()
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        check(Declared, None)()
    assert "passes" in str(told[0].message)


def test_a_known_failure_of_no_check_is_a_mistake():
    (found,) = [each for each in checks_of(Declared, [{"size": 4, "share": 0.5}], Registry())
                if each.name == "known-failures"]  # fmt: skip
    assert found.outcome().status == "failed"
    assert "'it', which is no check of this family" in found.outcome().sentence


def test_required_options_are_guessed_within_their_bounds():
    options = Plain.Options(**guessed(Plain.Options))
    assert (options.size, options.share) == (7, 0.5)


def test_neighbours_differ_in_one_option_each():
    start = Plain.Options(size=7, share=0.5)
    changed = [options.model_dump() for options in neighbours(Plain, start)]
    assert changed == [
        {"size": 9, "share": 0.5, "fast": False},
        {"size": 7, "share": 0.5, "fast": True},
    ]


def test_what_cannot_be_guessed_is_skipped_with_advice():
    class Named(Plain):
        class Options(Sampler.Options):
            file: str = Field(description="A file")

    assert "say in the component's 'examples'" in checks_of(Named)[0].outcome().sentence


def test_large_counts_of_a_metric_are_made_small():
    class Long(Metric):
        name = "long"

        class Options(Metric.Options):
            steps: int = Field(1000, ge=1, description="Steps")
            least: int = Field(50, ge=40, description="At least 40")

    assert small(Long) == {"steps": 11}


def test_the_command_shows_a_table_and_exits_with_0():
    ended = ebmbench("test", "spectrum")
    assert ended.code == 0
    assert "metric spectrum" in ended.out
    assert "passed" in ended.out


def test_the_command_gives_one_json_document():
    ended = ebmbench("test", "pid", "--family", "sampler", "--json")
    (found,) = json.loads(ended.out)
    assert ended.code == 0
    assert found["name"] == "pid"
    (drift,) = [row for row in found["checks"] if row["check"] == "no-drift"]
    assert drift["status"] == "known"
    assert drift["about"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("spectrumm",), "Did you mean 'spectrum'?"),
        (("spectrum", "--family", "samplr"), "Did you mean 'sampler'?"),
        (("spectrum", "--family", "sampler"), "no installed component"),
    ],
)
def test_a_wrong_name_is_told_with_a_remedy(arguments, words):
    ended = ebmbench("test", *arguments)
    assert ended.code == 2
    assert words in ended.err


def test_a_plugin_or_a_distribution_stands_for_all_its_components():
    from ebmbench.commands.conformance import entries_of

    registry = Registry.discover()
    of_plugin = {entry.component.name for entry in entries_of(registry, "gibbs")}
    assert {"rbm", "cd", "pcd", "torch"} <= of_plugin
    of_distribution = entries_of(registry, "EBMbench")
    assert {entry.family for entry in of_distribution} == set(registry.families)
