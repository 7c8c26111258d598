"""Groups of chains, and the errors that they tell."""

import numpy as np
import pytest
import torch

from ebmbench_ptt.groups import group_count, groups, standard_error


@pytest.mark.parametrize("N", [2, 7, 10, 11, 30, 100, 101, 150, 1000])
def test_groups_are_neighbours_and_of_a_size(N):
    group, first, size = groups(N, torch.device("cpu"))
    assert group.unique().tolist() == list(range(group_count(N)))
    assert (group.diff() >= 0).all()
    assert size.max() - size.min() <= 1
    for n in range(N):
        members = (group == group[n]).nonzero().flatten()
        assert members[0] == first[n]
        assert len(members) == size[n]
    assert group_count(N) >= min(N, 10)


def test_the_error_is_that_of_a_mean_though_neighbours_are_alike():
    """2000 means of 100 columns, ten at a time the same number."""
    rng = np.random.default_rng(0)
    x = torch.from_numpy(np.repeat(rng.standard_normal((2000, 10)), 10, axis=1))
    mean = x.mean(1)
    error = standard_error((x - mean.unsqueeze(1)) / 100)
    expected = x[:, ::10].std(1) / 10**0.5
    np.testing.assert_allclose(error, expected)
    assert (mean / error).square().mean() == pytest.approx(9 / 7, rel=0.1)  # Student's t
