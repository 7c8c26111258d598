"""Bennett's acceptance ratio: exact where it must be, and as sure as it says."""

import numpy as np
import torch
from torch.nn.functional import logsigmoid

from ebmbench_ptt.bennett import bennett, forward
from ebmbench_ptt.groups import standard_error


def samples(rng, R, M, N, shift):
    """u = (x - 1)^2/2 - x^2/2, between unit Gaussians about 0 and 1, at x about ``shift``."""
    x = rng.standard_normal((R, M, N)) + shift
    return torch.from_numpy((x - 1) ** 2 / 2 - x**2 / 2)


def test_where_all_samples_agree_it_is_exact_from_whatever_many():
    c = torch.tensor([3.7, -120.0], dtype=torch.float64).view(2, 1, 1)
    for rows in ((2, 3), (5, 1)):
        old, new = (c.expand(2, M, 7) for M in rows)
        np.testing.assert_allclose(bennett(old, new).value, [-3.7, 120.0], atol=1e-12)
        np.testing.assert_allclose(standard_error(bennett(old, new).influence), 0, atol=1e-12)
    np.testing.assert_allclose(forward(c.expand(2, 3, 7)).value, [-3.7, 120.0], atol=1e-12)


def test_two_unit_gaussians_at_distance_one_have_the_same_z():
    rng = np.random.default_rng(0)
    found = bennett(samples(rng, 1, 10, 10_000, 0), samples(rng, 1, 3, 10_000, 1))
    assert abs(found.value.item()) < 0.02
    assert standard_error(found.influence).item() < 0.006


def test_it_is_the_likeliest_ratio_given_which_model_each_sample_came_from():
    """Shirts et al. 2003: log odds of the old one are u + log(n_old Z_new / (n_new Z_old))."""
    rng = np.random.default_rng(1)
    old = torch.from_numpy(2 * rng.normal(size=(1, 3, 5)))
    new = torch.from_numpy(2 * rng.normal(size=(1, 2, 5)) - 1)
    ratio = torch.linspace(-9, 9, 100_001, dtype=torch.float64).view(-1, 1)
    odds = ratio + np.log(15 / 10)
    likelihood = logsigmoid(old.view(1, -1) + odds).sum(1)
    likelihood += logsigmoid(-new.view(1, -1) - odds).sum(1)
    likeliest = ratio[likelihood.argmax()].item()
    assert abs(bennett(old, new).value.item() - likeliest) < 2e-4


def test_errors_are_as_large_as_they_say_though_samples_of_a_column_are_alike():
    """2000 repeats; each column's samples are one number, old and new ones with part in common."""
    rng = np.random.default_rng(2)
    R, M, N = 2000, 4, 400
    shared = rng.standard_normal((R, 1, N))
    x = np.repeat((shared + rng.standard_normal((R, 1, N))) / 2**0.5, M, axis=1)
    y = np.repeat((shared + rng.standard_normal((R, 1, N))) / 2**0.5, M, axis=1) + 1
    old, new = (torch.from_numpy((z - 1) ** 2 / 2 - z**2 / 2) for z in (x, y))
    for found, most in ((bennett(old, new), 1.25), (forward(old), 1.4)):  # e^-u has a long tail
        off = found.value / standard_error(found.influence)
        assert 0.9 < off.square().mean() < most
        assert abs(found.value.mean()) < 0.01
        np.testing.assert_allclose(found.influence.sum(1), 0, atol=1e-9)
