"""All metrics of a moment share one enumeration."""

from __future__ import annotations

import pytest
import torch

from ebmbench import Sampler
from ebmbench_exact import enumeration
from ebmbench_exact.accessibility import MethodAccessibility
from ebmbench_exact.exact import Exact, shared_negative
from ebmbench_exact.gradient_error import GradientError
from ebmbench_exact.nll import NLL
from support.two_layer import random_model, random_spins, view_of


@pytest.fixture
def enumerated(monkeypatch):
    """The replicas that are enumerated, in turn."""
    done = []
    real = enumeration.moments_and_log_z

    def counted(J, fixed, pieces, moments):
        done.append(J)
        return real(J, fixed, pieces, moments)

    monkeypatch.setattr(enumeration, "moments_and_log_z", counted)
    return done


def test_the_metrics_of_a_moment_take_one_enumeration_even_of_the_exact_sampler(enumerated):
    view = view_of(random_model(5, 3, R=1), Exact(Exact.Options(), None))
    for metric in (NLL, GradientError, MethodAccessibility):
        metric(metric.Options()).measure(view)
    assert len(enumerated) == 1


def test_the_shared_negative_phase_is_the_exact_samplers_own():
    view = view_of(random_model(5, 3, biases="ab"), Exact(Exact.Options(), None), state="state")
    shared, own = shared_negative(view), view.negative()
    for one, other in zip(shared.phase, own.phase, strict=True):
        assert torch.equal(one, other)
    assert shared[1:] == own[1:] == ("state", None, None)


def test_the_shared_negative_phase_of_another_sampler_is_what_it_says():
    class Other(Sampler):
        name = "other"

        def particles(self, model, batch, state, noise):
            return batch, state

    view = view_of(random_model(5, 3), Other(Other.Options(), None))
    assert shared_negative(view) is view.negative()
    assert torch.equal(shared_negative(view).particles.v, random_spins(2, 7, 5, seed=1))


def test_a_kernel_that_enumerates_is_asked_by_sampler_and_metrics_and_once_a_moment():
    asked = []

    class Enumerating:
        def enumerate_states(self, model):
            asked.append(model)
            return enumeration.enumerate_states(model)

    kernel, model = Enumerating(), random_model(5, 3, R=1)
    view = view_of(model, Exact(Exact.Options(), kernel), kernel)
    for metric in (NLL, GradientError):
        metric(metric.Options()).measure(view)
    assert asked == [model]
    view.sampler.negative_phase(model, None, None, None)
    assert asked == [model, model]
