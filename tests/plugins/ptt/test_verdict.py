"""Accepted, frozen or rejected."""

import math

import pytest
import torch

from ebmbench_ptt.verdict import Overlap, never_rejected, overlap_of, verdict


def judged(acceptance, since, effective=1.0):
    overlap = Overlap(*(torch.tensor([each]).double() for each in (acceptance, effective)))
    found = verdict(overlap, torch.tensor([since]), accept=0.3, floor=0.1)
    if found.frozen:
        assert not found.rejected
        return "frozen"
    return "rejected" if found.rejected else "accepted"


@pytest.mark.parametrize(
    ("acceptance", "since", "expected"),
    [
        (0.5, 0, "accepted"),
        (0.3, 0, "accepted"),
        (0.2, 2, "frozen"),
        (0.1, 2, "frozen"),
        (0.2, 1, "rejected"),  # so soon after a checkpoint
        (0.2, 0, "rejected"),
        (0.05, 5, "rejected"),
        (math.nan, 5, "rejected"),
    ],
)
def test_what_becomes_of_an_update(acceptance, since, expected):
    assert judged(acceptance, since) == expected


@pytest.mark.parametrize("acceptance", [0.9, 0.2])
def test_what_too_few_chains_tell_is_rejected(acceptance):
    assert judged(acceptance, 5, effective=0.05) == "rejected"


def test_where_nothing_is_rejected_models_are_frozen_instead():
    acceptance = torch.tensor([0.5, 0.2, 0.05, math.nan]).double()
    found = never_rejected(Overlap(acceptance, torch.ones(4)), 0.3)
    assert found.frozen.tolist() == [False, True, True, False]
    assert not found.rejected.any()


def test_the_acceptance_is_that_of_chains_weighted_for_the_last_step():
    log_ratio = torch.tensor([[0.5, -1.0, -2.0]]).double()
    found = overlap_of(log_ratio, torch.log(torch.tensor([[1.0, 2.0, 5.0]]).double()) - 7)
    expected = (1 * 1 + 2 * math.exp(-1) + 5 * math.exp(-2)) / 8
    assert found.acceptance.item() == pytest.approx(expected)
    assert found.effective.item() == pytest.approx(64 / 30 / 3)
