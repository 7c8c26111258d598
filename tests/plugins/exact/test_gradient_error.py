"""The gradient error of samplers whose error is known."""

from __future__ import annotations

import pytest
import torch

from ebmbench import NegativePhase, Sampler
from ebmbench_exact.enumeration import enumerate_states
from ebmbench_exact.exact import Exact, exact_phase
from ebmbench_exact.gradient_error import GradientError
from support.two_layer import random_model, view_of


class Wrong(Sampler):
    """The exact phase, bent by ``bend``."""

    name = "wrong"

    def __init__(self, bend):
        super().__init__(self.Options(), None)
        self.bend = bend

    def negative_phase(self, model, batch, state, noise):
        exact = exact_phase(model, enumerate_states(model))
        return NegativePhase(tuple(self.bend(part) for part in exact), state, None)


def measure(model, sampler):
    found = GradientError(GradientError.Options()).measure(view_of(model, sampler))
    return found["relative"].tolist(), found["cosine"].tolist()


def wrong(bend, biases="ab"):
    return measure(random_model(5, 3, biases=biases), Wrong(bend))


def test_the_exact_sampler_has_none():
    relative, cosine = measure(random_model(5, 3, biases="ab"), Exact(Exact.Options(), None))
    assert relative == [0.0, 0.0]
    assert cosine == pytest.approx([1.0, 1.0])


def test_a_phase_of_twice_the_length_is_off_by_one_and_points_the_right_way():
    relative, cosine = wrong(lambda part: 2 * part)
    assert relative == pytest.approx([1.0, 1.0])
    assert cosine == pytest.approx([1.0, 1.0])


def test_a_phase_turned_round_is_off_by_two_and_points_the_wrong_way():
    relative, cosine = wrong(lambda part: -part)
    assert relative == pytest.approx([2.0, 2.0])
    assert cosine == pytest.approx([-1.0, -1.0])


def test_all_parameters_count_together():
    # Only W is wrong, by its own length: ||W|| / ||(W, a, b)||
    relative, _ = wrong(lambda part: part * (1 + (part.dim() == 3)))
    parts = exact_phase(*(lambda m: (m, enumerate_states(m)))(random_model(5, 3, biases="ab")))
    squares = torch.stack([part.double().square().flatten(1).sum(1) for part in parts])
    assert relative == pytest.approx((squares[0] / squares.sum(0)).sqrt().tolist())


def test_a_replica_is_measured_by_its_own_norm():
    relative, _ = wrong(
        lambda part: part * torch.tensor([1.0, 4.0]).view(2, *[1] * (part.dim() - 1))
    )
    assert relative == pytest.approx([0.0, 3.0])


def test_a_zero_phase_has_no_direction():
    relative, cosine = wrong(torch.zeros_like)
    assert relative == pytest.approx([1.0, 1.0])
    assert all(value != value for value in cosine)


def test_where_the_exact_phase_is_zero_there_is_no_relative_error():
    relative, cosine = measure(random_model(5, 3, scale=0.0), Wrong(torch.ones_like))
    assert all(value != value for value in relative + cosine)


def test_a_diverged_replica_is_nan_and_the_other_is_not():
    model = random_model(5, 3)
    with torch.no_grad():
        model.W[1] = float("nan")
    relative, cosine = measure(model, Wrong(lambda part: 3 * part))
    assert relative[0] == pytest.approx(2.0)
    assert relative[1] != relative[1]
    assert cosine[1] != cosine[1]
