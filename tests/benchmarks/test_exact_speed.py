"""One exact gradient of 4x4 Bars' size, V=16 and H=1000, against the same in plain torch.

pytest tests/benchmarks/test_exact_speed.py --benchmark-enable
"""

from __future__ import annotations

import pytest
import torch

from ebmbench_exact.enumeration import enumerate_states, ground_energy
from two_layer import random_model

CHUNK = 4096
SCALES = [0.01, 0.3, 10.0]  # at the start, trained, and fields of hundreds (a random RA model)


@pytest.fixture(autouse=True)
def one_thread():
    """As in a worker."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def naive_phase(W):
    """<v tanh(x)'> of one replica without biases, (V, H), over all 2^V states in chunks."""
    V = len(W)
    bits = torch.arange(2**V).unsqueeze(1) >> torch.arange(V)
    v = 2.0 * (bits & 1) - 1.0
    L = torch.cat([log_2cosh(part @ W).sum(-1) for part in v.split(CHUNK)])
    p = L.double().softmax(0).float().unsqueeze(1)
    chunks = zip(v.split(CHUNK), p.split(CHUNK), strict=True)
    return sum((part * weight).mT @ torch.tanh(part @ W) for part, weight in chunks)


def log_2cosh(x):
    return torch.logaddexp(x, -x)


@pytest.mark.benchmark(group="exact gradient, V=16, H=1000")
@pytest.mark.parametrize("scale", SCALES)
def test_half_split(benchmark, scale):
    model = random_model(16, 1000, R=1, scale=scale)
    found = benchmark.pedantic(enumerate_states, (model,), rounds=5, warmup_rounds=1)
    assert found.log_z.isfinite().all()


@pytest.mark.benchmark(group="exact gradient, V=16, H=1000")
def test_naive_torch(benchmark):
    model = random_model(16, 1000, R=1, scale=0.3)
    W = model.W[0].detach()
    found = benchmark.pedantic(naive_phase, (W,), rounds=1)
    torch.testing.assert_close(found, enumerate_states(model).vh[0], rtol=0, atol=1e-4)


@pytest.mark.benchmark(group="ground state, V=16, H=1000")
def test_ground_energy(benchmark):
    model = random_model(16, 1000, R=1, scale=10.0)
    assert benchmark.pedantic(ground_energy, (model,), rounds=5, warmup_rounds=1) < 0
