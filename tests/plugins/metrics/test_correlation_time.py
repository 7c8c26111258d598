import numpy as np
import pytest
import torch
from scipy.signal import lfilter

from ebmbench_metrics.correlation_time import autocorrelation, integrated_time


def autoregression(memory, R=2, n=53, T=10_007, seed=0):
    """x_t = memory x_{t-1} + noise, whose rho(t) = memory^t."""
    noise = np.random.default_rng(seed).standard_normal((R, n, T))
    return torch.from_numpy(lfilter([1], [1, -memory], noise))


@pytest.mark.parametrize("memory", [0.0, 0.5, 0.95])
def test_tau_of_an_autoregression(memory):
    tau = integrated_time(autocorrelation(autoregression(memory)), window=5)
    assert tau.tolist() == pytest.approx([(1 + memory) / (1 - memory)] * 2, rel=0.1)


def test_rho_is_its_definition():
    x = autoregression(0.7, n=3, T=11)
    found = autocorrelation(x)
    for r in range(2):
        d = x[r] - x[r].mean()
        C = [(d[:, : 11 - t] * d[:, t:]).mean().item() for t in range(11)]
        assert found[r].tolist() == pytest.approx([c / C[0] for c in C])


def test_chains_that_are_stuck_apart_remember_for_ever():
    x = autoregression(0.0, n=2, T=1009) + torch.tensor([[-20.0], [20.0]])
    rho = autocorrelation(x)
    assert (rho > 0.9).all()
    assert (integrated_time(rho, window=5).isnan()).all()  # no window within the chain


def test_what_never_varies_has_no_tau():
    rho = autocorrelation(torch.full((2, 3, 101), 0.1, dtype=torch.float64))
    assert rho.isnan().all()
    assert integrated_time(rho, window=5).isnan().all()


def test_the_window_is_the_first_that_is_long_enough():
    rho = torch.tensor([[1.0, 0.5, 0.25, 0.125, 0.0, 0.5, 0.5, 0.5]], dtype=torch.float64)
    # tau(M) = 1, 2, 2.5, 2.75, 2.75, ...: M = 4 is the first with M >= 1.4 tau(M) = 3.85
    assert integrated_time(rho, window=1.4).tolist() == [2.75]
    assert integrated_time(rho[:, :4], window=1.4).isnan().all()
