"""Distinct rows, and the sum of their probabilities."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from ebmbench_likelihood.mass import first_of_kind, log_mass
from support.two_layer import log_p, random_model, random_spins


@pytest.mark.parametrize("mirrored", [False, True])
def test_rows_are_new_unless_they_came_before(mirrored):
    v = random_spins(3, 53, 5)
    found = first_of_kind(v, mirrored)
    for r in range(3):
        seen, expected = set(), []
        for row in v[r].tolist():
            kind = {tuple(row), tuple(-x for x in row)} if mirrored else {tuple(row)}
            expected.append(not seen & kind)
            seen |= kind
        assert found[r].tolist() == expected


@pytest.mark.parametrize("biases", ["", "ab"])
def test_the_mass_of_all_states_is_one(biases):
    model, mirrored = random_model(5, 3, biases=biases), not biases
    v = random_spins(2, 997, 5)  # all 32 states, over and over
    mass = log_mass(torch.from_numpy(-log_p(model, v)), first_of_kind(v, mirrored), mirrored)
    np.testing.assert_allclose(mass, 0, atol=1e-9)
