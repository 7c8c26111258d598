"""Draws without compiled code: the numbers of the compiled ones, in the same order."""

import torch

from ebmbench import Noise
from ebmbench.numerics import tensor_noise
from ebmbench.numerics.tensor_noise import TensorNoise

R, N, M = 2, 5, 7


def test_all_draws_are_those_of_noise(monkeypatch):
    field = torch.linspace(-2, 2, M).expand(R, N, M)
    for small in (10**6, 3):  # made of tensors, and handed on
        monkeypatch.setattr(tensor_noise, "SMALL", small)
        mine, theirs = (kind(range(R), "x") for kind in (TensorNoise, Noise))
        assert torch.equal(mine.words(N, M), theirs.words(N, M))
        assert torch.equal(mine.spins(field, 0.7), theirs.spins(field, 0.7))
        assert torch.equal(mine.spins(field, given=5), theirs.spins(field, given=5))
        assert torch.equal(mine.coins(N, M), theirs.coins(N, M))
        assert torch.equal(mine.permutation(11), theirs.permutation(11))
        torch.testing.assert_close(mine.normal(N, M), theirs.normal(N, M), rtol=1e-6, atol=1e-7)
        assert torch.equal(mine.uniform(N, M), theirs.uniform(N, M))
        assert mine.step == theirs.step == 7
