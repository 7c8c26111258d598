"""Units of 0 and 1 in the place of spins: the same distribution, state by state."""

import numpy as np
import pytest

from ebmbench.interfaces.library_chains import single_replicas, to_spins, to_zero_one
from support import exact
from support.two_layer import numbers, random_model

V, H, R = 5, 3, 2


@pytest.mark.parametrize("biases", [(), ("a",), ("b",), ("a", "b")])
def test_energies_differ_by_the_same_number_in_all_states(biases):
    model = random_model(V, H, R, biases=biases)
    for r, one in enumerate(single_replicas(model)):
        W, a, b = one.zero_one()
        n, m = ((exact.states(units) + 1) / 2 for units in (V, H))
        theirs = -(n @ W @ m.T) - (n @ a)[:, None] - m @ b
        difference = theirs - exact.energies(*numbers(model, r))
        np.testing.assert_allclose(difference, difference[0, 0], atol=1e-9)


def test_replicas_are_taken_apart_with_zeros_for_biases_that_are_not_there():
    model = random_model(V, H, R, biases=("b",))
    for r, one in enumerate(single_replicas(model)):
        for part, wanted in zip(one, numbers(model, r), strict=True):
            np.testing.assert_array_equal(part, wanted)
            assert part.dtype == np.float64


def test_spins_come_back_as_they_were_and_an_erased_unit_is_a_half():
    v = np.array([[1.0, -1.0, 0.0]])
    np.testing.assert_array_equal(to_zero_one(v), [[1.0, 0.0, 0.5]])
    np.testing.assert_array_equal(to_spins(to_zero_one(v)), v)


def test_parameters_of_units_0_and_1_come_back_as_those_of_spins():
    for one in single_replicas(random_model(V, H, R, biases=("a", "b"))):
        for part, wanted in zip(one.zero_one().spins(), one, strict=True):
            np.testing.assert_allclose(part, wanted, atol=1e-12)
