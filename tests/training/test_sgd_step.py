"""Plain SGD, compiled: torch's step to the last bit, on any number of threads."""

import pytest
import torch
from torch import nn

from ebmbench.numerics.threads import at_most
from ebmbench.training.sgd_step import PIECE, fits, sgd_step


def drawn(*shape, count=3):
    generator = torch.Generator().manual_seed(sum(shape))
    return [torch.randn(shape, generator=generator) for _ in range(count)]


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("fused", [True, False])
@pytest.mark.parametrize("shape", [(2, 5, 7), (3, 8, 16), (1, 63), (1, 2 * PIECE + 1)])
def test_a_step_is_torchs_to_the_last_bit(shape, fused, threads):
    x, d, n = drawn(*shape)
    with at_most(threads):
        for lr in (0.02, 1 / 3, 1e-7, 11.0):
            parameter = nn.Parameter(x.clone())
            parameter.grad = d - n
            torch.optim.SGD([parameter], lr=lr, fused=fused).step()
            mine = nn.Parameter(x.clone())
            sgd_step(mine, d, n, lr)
            assert torch.equal(mine, parameter)


def test_phases_may_lie_in_memory_as_they_like():
    x, d, n = drawn(2, 5, 7)
    mine, other = x.clone(), x.clone()
    sgd_step(mine, d.mT.contiguous().mT, n, 0.5)
    sgd_step(other, d, n, 0.5)
    assert torch.equal(mine, other)


def test_what_is_stepped_in_place_must_be_float32_that_lies_in_a_row():
    x = torch.zeros(2, 5, 7)
    assert fits(x)
    assert not fits(x.double())
    assert not fits(x.mT)
