import numpy as np
import pytest

from ebmbench_likelihood.ladder import ladder

SPACINGS = ["linear", "sigmoid", "geometric"]


@pytest.mark.parametrize("spacing", SPACINGS)
@pytest.mark.parametrize("steps", [1, 2, 97])
def test_a_ladder_climbs_from_0_to_1(spacing, steps):
    betas = ladder(steps, spacing)
    assert len(betas) == steps + 1
    assert (betas[0], betas[-1]) == (0.0, 1.0)
    assert (np.diff(betas) > 0).all()


def test_spacings_are_even_dense_at_the_ends_or_in_equal_ratios():
    even, dense, ratios = (ladder(101, spacing) for spacing in SPACINGS)
    np.testing.assert_allclose(np.diff(even), 1 / 101)
    steps = np.diff(dense)
    np.testing.assert_allclose(steps, steps[::-1])
    assert steps[50] > 5 * steps[0]
    np.testing.assert_allclose(ratios[2:] / ratios[1:-1], 1e4 ** (1 / 101))
