"""Means of weights, their errors, and when two estimates are believed."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from ebmbench_likelihood.bracket import Bracket, Estimate


def estimate(log_mean, error=0.1, ess=100.0):
    return Estimate(*(torch.tensor([x]).double() for x in (log_mean, error, ess)))


def test_an_estimate_is_the_log_of_the_mean_of_weights_of_any_size():
    log_w = torch.tensor([[1.0, 2.0, 4.0], [1e4, 1e4, 1e4]]).double()
    found = Estimate.of(log_w)
    np.testing.assert_allclose(found.log_mean, [np.log(np.exp([1, 2, 4]).mean()), 1e4])


def test_the_effective_sample_size_counts_the_weights_that_matter():
    log_w = torch.tensor([[0.0] * 7, [0.0] * 2 + [-1e3] * 5, [0.0] + [-1e3] * 6]).double()
    np.testing.assert_allclose(Estimate.of(log_w).ess, [7, 2, 1])


def test_the_error_is_the_spread_that_repetition_shows():
    log_w = 0.5 * torch.randn(4000, 101, generator=torch.Generator().manual_seed(0)).double()
    found = Estimate.of(log_w)
    assert found.error.mean().item() == pytest.approx(found.log_mean.std().item(), rel=0.05)


def bracket(there, back, from_data=None):
    return Bracket(torch.tensor([5.0]).double(), there, back, from_data or back)


def test_the_bracket_runs_from_three_errors_below_to_three_above():
    found = bracket(estimate(2.0, 0.1), estimate(-2.5, 0.2), estimate(-1.5))
    assert found.log_z.item() == pytest.approx(7.0)
    assert found.gap.item() == pytest.approx(0.5)
    assert found.data_gap.item() == pytest.approx(-0.5)
    assert found.low.item() == pytest.approx(6.7)
    assert found.high.item() == pytest.approx(8.1)


@pytest.mark.parametrize(
    ("there", "back", "trusted"),
    [
        (estimate(2.0), estimate(-2.2), True),
        (estimate(2.0), estimate(-3.6), False),  # 1 + 3 * 0.141 < 1.6
        (estimate(2.0), estimate(-1.6), True),  # 3 * 0.141 > 0.4
        (estimate(2.0), estimate(-1.5), False),  # ends that are crossed
        (estimate(2.0, error=0.3), estimate(-3.6), True),
        (estimate(2.0, ess=9.0), estimate(-2.0), False),
        (estimate(2.0), estimate(-2.0, ess=9.0), False),
        (estimate(float("nan")), estimate(-2.0), False),
    ],
)
def test_both_sides_must_agree_and_have_enough_samples(there, back, trusted):
    even = estimate(-there.log_mean.item())
    assert bracket(there, back, even).trusted(tolerance=1.0, least_ess=10.0).item() is trusted


@pytest.mark.parametrize(
    ("from_data", "trusted"),
    [
        (estimate(-2.2, ess=1.0), True),
        (estimate(-3.6), False),  # the data's mode is one that the way there hardly finds
        (estimate(5.0), True),
        (estimate(float("nan")), False),
    ],
)
def test_chains_from_the_data_only_speak_of_mass_that_is_missed(from_data, trusted):
    found = bracket(estimate(2.0), estimate(-2.0), from_data)
    assert found.trusted(tolerance=1.0, least_ess=10.0).item() is trusted


def test_no_states_are_more_than_all():
    found = bracket(estimate(2.0, error=0.1), estimate(-2.0))
    assert found.holds(torch.tensor([7.2])).item()
    assert not found.holds(torch.tensor([7.4])).item()


def test_each_replica_has_its_own_rung():
    there, back, from_data = (
        Estimate(*torch.arange(18.0).view(3, 3, 2).double() + shift) for shift in (0, 100, 200)
    )
    found = Bracket(torch.zeros(2), there, back, from_data).at(torch.tensor([[2], [0]]))
    assert found.there.log_mean.tolist() == [4, 1]
    assert found.from_data.ess.tolist() == [216, 213]
