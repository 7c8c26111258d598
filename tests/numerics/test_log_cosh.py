import numpy as np
import pytest
import torch

from ebmbench.numerics import log_cosh_sums


@pytest.mark.parametrize("H", [1, 31, 37, 521, 1031])
@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e3])
def test_sums_are_those_of_float64(H, scale):
    x = scale * torch.randn(2, 7, H, generator=torch.Generator().manual_seed(H))
    betas = torch.tensor([[0.0, 1e-4, 1.0], [0.3, 2.0, 0.7]]).double()
    y = np.einsum("rb,rnh->rbnh", betas.numpy(), x.double().numpy())
    expected = np.logaddexp(y, -y).sum(-1)
    np.testing.assert_allclose(log_cosh_sums(x, betas), expected, rtol=1e-7, atol=1e-7 * H)
