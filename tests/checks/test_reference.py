"""The checks' own models and enumeration agree with the oracle, and pass the checks themselves."""

import numpy as np
import pytest
import torch

from ebmbench.checks import checks_of
from ebmbench.checks.model_cases import own_cases
from ebmbench.checks.oracle.enumeration import p_visible, phases_of_states, transitions
from ebmbench.checks.oracle.reference import ReferenceKernel, ReferencePatterned, ReferenceTwoLayer
from ebmbench.interfaces.installed.registry import Registry
from ebmbench.interfaces.library_chains import single_replicas
from support import exact
from support.two_layer import numbers

CASES = own_cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_enumeration_is_the_oracles(case):
    model = case.model((3, 7))
    for replica in range(2):
        p = exact.p_v(*numbers(model, replica))
        np.testing.assert_allclose(p_visible(model, 1.0, replica), p, atol=1e-12)
        W, a, b = numbers(model, replica)
        half = exact.p_v(W / 2, a / 2, b / 2)
        np.testing.assert_allclose(p_visible(model, 0.5, replica), half, atol=1e-12)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_step_of_the_enumeration_leaves_p_as_it_is(case):
    model = case.model((3, 7))
    p, step = p_visible(model), transitions(single_replicas(model)[0])
    np.testing.assert_allclose(step.sum(axis=1), 1)
    np.testing.assert_allclose(p @ step, p, atol=1e-12)
    assert abs(step - np.eye(len(p))).max() > 0.1


def test_the_mean_phase_of_all_states_is_the_oracles_moments():
    case = CASES[1]
    W, a, b = (part.reshape(-1) for part in oracle_moments(case.model((0,))))
    p = p_visible(case.model((0,)))
    phase = p @ phases_of_states(case.copies(len(p)))
    np.testing.assert_allclose(phase, -np.concatenate([W, a, b]), atol=1e-5)


def oracle_moments(model):
    return exact.moments(*numbers(model, 0))


@pytest.mark.parametrize("component", [ReferenceTwoLayer, ReferencePatterned, ReferenceKernel])
def test_the_references_pass_the_checks(component):
    for check in checks_of(component, registry=Registry()):
        assert check.outcome().status in ("passed", "skipped"), check.outcome()


def test_copies_have_the_same_parameters_and_replicas_have_not():
    for case in CASES:
        W = case.copies(3).couplings().W
        assert torch.equal(W[0], W[2])
        assert not torch.equal(*case.model((3, 7)).couplings().W.detach())
