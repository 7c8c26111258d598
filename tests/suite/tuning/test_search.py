"""The settings that are tried of a method."""

import numpy as np
import pytest
from pydantic import TypeAdapter, ValidationError

from ebmbench.suite.tuning.keys import Between, Tune
from ebmbench.suite.tuning.search import settings_of

LR = {"optimizer.lr": Between(log=[1e-4, 1e-1])}


def test_numbers_lie_between_their_ends_evenly_in_their_logarithm():
    tried = [each["optimizer.lr"] for each in settings_of("PCD", LR, 64)]
    assert len(set(tried)) == 64
    counts, _ = np.histogram(np.log10(tried), bins=[-4, -3, -2, -1])
    assert counts.sum() == 64
    assert counts.min() >= 20


def test_whole_numbers_and_values_of_a_list_each_have_their_share():
    searched = {"k": Between(linear=[1, 4]), "size": [10, 100]}
    found = settings_of("CD", searched, 64)
    assert {(each["k"], each["size"]) for each in found} == {
        (k, size) for k in (1, 2, 3, 4) for size in (10, 100)
    }
    assert all(type(each["k"]) is int for each in found)


def test_a_setting_is_tried_once():
    assert len(settings_of("CD", {"k": [1, 5]}, 16)) == 2


def test_what_is_tried_depends_on_the_methods_name_alone_and_more_trials_begin_alike():
    assert settings_of("PCD", LR, 8) == settings_of("PCD", LR, 8)
    assert settings_of("PCD", LR, 8) == settings_of("PCD", LR, 16)[:8]
    assert settings_of("PCD", LR, 5) == settings_of("PCD", LR, 8)[:5]
    assert settings_of("PCD", LR, 8) != settings_of("CD", LR, 8)


@pytest.mark.parametrize(
    ("ends", "says"),
    [
        ({"log": [0.0, 1.0]}, "no logarithm"),
        ({"log": [2, 1]}, "the smaller one"),
        ({"log": [1, 2], "linear": [1, 2]}, "give log"),
        ({}, "give log"),
        ({"linear": [1]}, "at least 2"),
    ],
)
def test_ends_between_which_nothing_lies_are_refused(ends, says):
    with pytest.raises(ValidationError, match=says):
        TypeAdapter(Tune).validate_python({"k": ends})
