"""One exact gradient of 4x4 Bars' size, V=16 and H=1000, against the published way in plain torch.

pytest tests/benchmarks/test_exact_speed.py --benchmark-enable
"""

from __future__ import annotations

import os

import pytest
import torch

from ebmbench.numerics.threads import use_threads
from ebmbench_exact.enumeration import enumerate_states, ground_energy
from support.two_layer import random_model

CHUNK = 1024  # states whose outer products are held at once, 64 MB: the fastest of 256 to 16384
SCALES = [0.01, 0.3, 10.0]  # at the start, trained, and fields of hundreds (a random RA model)
TARGET = 100.0  # times as fast as the published way


def naive_phase(W):
    """<v tanh(x)'> of one replica without biases, (V, H), as the published code forms it.

    For every state the outer product of tanh(x) and v, (N, H, V); weighted, and summed over states.
    """
    V, H = W.shape
    bits = torch.arange(2**V).unsqueeze(1) >> torch.arange(V)
    v = 2.0 * (bits & 1) - 1.0
    L = torch.cat([log_2cosh(part @ W).sum(-1) for part in v.split(CHUNK)])
    p = L.double().softmax(0).float()
    total = torch.zeros(H, V)
    for part, weight in zip(v.split(CHUNK), p.split(CHUNK), strict=True):
        outer = torch.tanh(part @ W).unsqueeze(2) * part.unsqueeze(1)  # (N, H, V)
        total += (weight.view(-1, 1, 1) * outer).sum(0)
    return total.T


def log_2cosh(x):
    return torch.logaddexp(x, -x)


@pytest.fixture(params=[1, None], ids=["one thread", "all cores"])
def allowed(request):
    """How many threads both sides may use."""
    use_threads(request.param)
    if request.param:
        torch.set_num_threads(request.param)


@pytest.mark.benchmark(group="exact gradient, V=16, H=1000")
@pytest.mark.parametrize("R", [1, 5])
@pytest.mark.parametrize("scale", SCALES)
def test_half_split(benchmark, scale, R, allowed):
    model = random_model(16, 1000, R=R, scale=scale)
    found = benchmark.pedantic(enumerate_states, (model,), rounds=15, warmup_rounds=1)
    assert found.log_z.isfinite().all()


@pytest.mark.benchmark(group="exact gradient, V=16, H=1000, against the published way")
@pytest.mark.long
def test_the_half_split_is_a_hundred_times_as_fast_as_the_published_way(benchmark, race):
    model = random_model(16, 1000, R=1, scale=0.3)
    W = model.W[0].detach()
    torch.testing.assert_close(naive_phase(W), enumerate_states(model).vh[0], rtol=0, atol=1e-4)
    race(lambda: enumerate_states(model), {"published": lambda: naive_phase(W)}, rounds=3)
    if benchmark.enabled and "RACE_SIDE" not in os.environ:
        ratio = benchmark.extra_info["rivals"]["published"] / benchmark.stats.stats.median
        assert ratio > TARGET


@pytest.mark.benchmark(group="ground state, V=16, H=1000")
def test_ground_energy(benchmark, allowed):
    model = random_model(16, 1000, R=1, scale=10.0)
    assert benchmark.pedantic(ground_energy, (model,), rounds=15, warmup_rounds=1) < 0
