"""exp(-2x) without a table or a branch."""

from __future__ import annotations

import numpy as np

from ebmbench.numerics import exp_minus_2


def test_exp_minus_2_is_good_to_the_last_bits_of_float32():
    x = np.linspace(0.0, 40.0, 9973, dtype=np.float32)
    found = np.array([exp_minus_2(each) for each in x])
    np.testing.assert_allclose(found, np.exp(-2.0 * x.astype(np.float64)), rtol=4e-6)


def test_exp_minus_2_is_one_at_0_and_next_to_nothing_at_any_large_field():
    assert exp_minus_2(np.float32(0.0)) == 1.0
    for x in (45.0, 100.0, 1e10, 1e32):
        assert 0 <= exp_minus_2(np.float32(x)) < 1e-37
