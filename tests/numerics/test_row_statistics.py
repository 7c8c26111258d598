"""Variances are right, and the same alone and in a block."""

import pytest
import torch

from ebmbench.numerics import variance


@pytest.mark.parametrize("correction", [0, 1])
@pytest.mark.parametrize("N", [2, 5, 11, 200])
def test_of_a_row_alone_and_among_others(N, correction):
    x = torch.randn(100, N, dtype=torch.double, generator=torch.Generator().manual_seed(0)) + 3
    found = variance(x, correction)
    torch.testing.assert_close(found, x.var(1, correction=correction))
    alone = torch.cat([variance(row[None], correction) for row in x])
    assert torch.equal(alone, found)


def test_of_one_number_is_known_only_where_nothing_is_estimated():
    one = torch.ones(3, 1, dtype=torch.double)
    assert variance(one).isnan().all()
    assert torch.equal(variance(one, correction=0), torch.zeros(3, dtype=torch.double))
