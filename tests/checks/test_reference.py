"""The checks' own models and enumeration agree with the oracle, and pass the checks themselves."""

import numpy as np
import pytest
import torch

import exact
from ebmbench.checks import checks_of
from ebmbench.checks.enumeration import numbers_of, p_visible, phases_of_states, transitions
from ebmbench.checks.reference import ReferenceKernel, ReferencePatterned, ReferenceTwoLayer
from ebmbench.checks.scene import own_scenes
from ebmbench.registry import Registry
from two_layer import numbers

SCENES = own_scenes()


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_the_enumeration_is_the_oracles(scene):
    model = scene.model((3, 7))
    for replica in range(2):
        p = exact.p_v(*numbers(model, replica))
        np.testing.assert_allclose(p_visible(model, 1.0, replica), p, atol=1e-12)
        W, a, b = numbers(model, replica)
        half = exact.p_v(W / 2, a / 2, b / 2)
        np.testing.assert_allclose(p_visible(model, 0.5, replica), half, atol=1e-12)


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_a_step_of_the_enumeration_leaves_p_as_it_is(scene):
    model = scene.model((3, 7))
    p, step = p_visible(model), transitions(numbers_of(model))
    np.testing.assert_allclose(step.sum(axis=1), 1)
    np.testing.assert_allclose(p @ step, p, atol=1e-12)
    assert abs(step - np.eye(len(p))).max() > 0.1


def test_the_mean_phase_of_all_states_is_the_oracles_moments():
    scene = SCENES[1]
    W, a, b = (part.reshape(-1) for part in oracle_moments(scene.model((0,))))
    p = p_visible(scene.model((0,)))
    phase = p @ phases_of_states(scene.copies(len(p)))
    np.testing.assert_allclose(phase, -np.concatenate([W, a, b]), atol=1e-5)


def oracle_moments(model):
    return exact.moments(*numbers(model, 0))


@pytest.mark.parametrize("component", [ReferenceTwoLayer, ReferencePatterned, ReferenceKernel])
def test_the_references_pass_the_checks(component):
    for check in checks_of(component, registry=Registry()):
        assert check.outcome().status in ("passed", "skipped"), check.outcome()


def test_copies_have_the_same_parameters_and_replicas_have_not():
    for scene in SCENES:
        W = scene.copies(3).couplings().W
        assert torch.equal(W[0], W[2])
        assert not torch.equal(*scene.model((3, 7)).couplings().W.detach())
