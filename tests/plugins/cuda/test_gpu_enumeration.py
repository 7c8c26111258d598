"""The sums over all states on a GPU, against the oracle and the CPU's enumeration."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from ebmbench import Couplings
from ebmbench_exact.enumeration import enumerate_states
from support import exact
from support.two_layer import oracle, random_model

pytest.importorskip("triton", reason="triton is not installed: pip install 'ebmbench[cuda]'")
from ebmbench_cuda.enumeration import enumerate_on_gpu
from ebmbench_cuda.tuning import CHIPS, INTERPRETER, Exact

pytestmark = pytest.mark.soak  # Triton's interpreter takes its time

MODELS = [(7, 11, 0.3, "ab"), (7, 11, 2.0, ""), (5, 3, 1.0, "a"), (3, 7, 1.0, "b"), (1, 3, 1.0, "")]
models = pytest.mark.parametrize("shape", MODELS, ids=str)


def model_of(shape):
    V, H, scale, biases = shape
    return random_model(V, H, scale=scale, biases=biases)


def enumerated(model, device):
    """All sums, on the CPU."""
    couplings = (None if part is None else part.detach().to(device) for part in model.couplings())
    found = enumerate_on_gpu(Couplings(*couplings))
    return type(found)(*(part.cpu() for part in found))


@models
def test_log_z_and_the_ground_energy_are_the_oracles(device, shape):
    model = model_of(shape)
    found = enumerated(model, device)
    np.testing.assert_allclose(found.log_z, oracle(exact.log_z, model), rtol=1e-6, atol=1e-5)
    np.testing.assert_allclose(found.ground, oracle(exact.ground_energy, model), rtol=1e-6)


@models
@pytest.mark.parametrize("moment", ["vh", "v", "h"])
def test_the_moments_are_those_of_the_joint_distribution(device, shape, moment):
    model = model_of(shape)
    expected = oracle(lambda *numbers: getattr(exact.moments(*numbers), moment), model)
    found = getattr(enumerated(model, device), moment).numpy()
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_tiles_and_shares_do_not_matter(device, monkeypatch):
    chip = CHIPS[INTERPRETER]
    tile = Exact(states=64, targets=64, warps=1, programs=12)
    monkeypatch.setitem(CHIPS, INTERPRETER, chip._replace(exact=tile))
    model = random_model(9, 131, scale=0.3, biases="ab")
    found, expected = enumerated(model, device), enumerate_states(model)
    for one, other in zip(found[:4], expected, strict=True):
        torch.testing.assert_close(one, other.detach(), rtol=1e-6, atol=1e-5)


def test_more_units_than_one_product_has_factors_for_do_not_overflow(device):
    model = random_model(2, 4211, R=1, scale=1e-3)
    found = enumerated(model, device).log_z
    np.testing.assert_allclose(found, (2 + 4211) * np.log(2.0), atol=0.1)
    torch.testing.assert_close(found, enumerate_states(model).log_z, rtol=1e-8, atol=1e-5)


def test_a_replica_that_diverged_is_nan_and_takes_no_other_along(device):
    model = random_model(5, 7, biases="ab")
    expected = enumerated(model, device)
    model.W.data[1, 2, 3] = torch.nan
    found = enumerated(model, device)
    for one, other in zip(found, expected, strict=True):
        assert torch.equal(one[0], other[0])
        assert one[1].isnan().all()
