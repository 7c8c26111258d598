"""Mistakes with real-valued and one-hot units are caught, and their causes told."""

import numpy as np
import pytest
import torch
from wrong_units import WRONG, OfRealsOnly

from ebmbench import Noise
from ebmbench.checks import checks_of
from ebmbench.checks.oracle.quadrature import cells, grid_of, laws, log_integral
from ebmbench.interfaces.installed.registry import Registry
from ebmbench_units import GaussianRBM, HiddenSpinsKernel, PottsRBM

INSTALLED = Registry.discover()


def outcome(component, check):
    found = {each.name: each for each in checks_of(component, registry=INSTALLED)}
    return found[check].outcome()


@pytest.mark.parametrize(("component", "check", "words"), WRONG, ids=lambda value: str(value)[-30:])
def test_a_mistake_is_caught_and_its_cause_told(component, check, words):
    _, status, sentence = outcome(component, check)
    assert status == "failed"
    assert words in sentence


@pytest.mark.parametrize(
    ("component", "check"),
    [
        (GaussianRBM, "log-z"),
        (GaussianRBM, "no-drift"),
        (PottsRBM, "log-z"),
        (PottsRBM, "no-drift"),
        (PottsRBM, "gauge"),
        (HiddenSpinsKernel, "no-drift"),
        (HiddenSpinsKernel, "beta"),
        (OfRealsOnly, "no-drift"),
        (OfRealsOnly, "forgets-the-data"),
    ],
    ids=lambda value: getattr(value, "name", value),
)
def test_what_has_no_mistake_passes_and_is_not_skipped(component, check):
    assert outcome(component, check) == (check, "passed", "")


def normal(replicas, mean, sigma):
    """A density that is known: a normal one, of no couplings."""
    options = GaussianRBM.Options(hidden=1, init_std=0, sigma=sigma)
    model = GaussianRBM(options, 2, Noise(range(replicas), "normal"))
    with torch.no_grad():
        model.a.copy_(torch.tensor(mean))
    return model


@pytest.mark.parametrize(("mean", "sigma"), [((0.3, -0.7), 1.0), ((40.0, -2.0), 0.03), ((0, 0), 9)])
def test_a_grid_holds_narrow_wide_and_distant_densities(mean, sigma):
    model = normal(3, mean, sigma)
    grid = grid_of(model)
    expected = 2 * np.log(np.sqrt(2 * np.pi) * sigma) + np.log(2)  # a free hidden spin
    assert log_integral(model, grid) == pytest.approx(expected, abs=1e-3)
    law = laws(model, grid, 1.0)[0]
    assert law.p @ grid.points == pytest.approx(mean, abs=1e-3 * sigma)
    found = np.bincount(cells(grid.points, grid, law.p), weights=law.p)
    assert len(found) == 36
    assert found == pytest.approx(1 / 36, abs=0.02)
