"""The Triton kernels against full enumeration; fewer chains than elsewhere, as they may be
interpreted. That they draw the reference's spins is tested elsewhere; here is what is drawn."""

from __future__ import annotations

import pytest
import torch

from ebmbench import Chains, Noise
from ebmbench_cuda import TritonKernel
from ebmbench_gibbs import RBM
from ebmbench_rapid import RARBM
from support import exact
from support.no_drift import assert_distributed_as, assert_frequencies, drawn_exactly
from support.two_layer import numbers, row_of_state

pytestmark = pytest.mark.soak  # Triton's interpreter takes its time

CHAINS = 3000
V, H, R = 5, 3, 2


def rbm():
    model = RBM(RBM.Options(hidden=H, init_std=0.5, bias=True), V, Noise(range(R), "init"))
    model.a.data.normal_(0, 0.3, generator=torch.Generator().manual_seed(1))
    model.b.data.normal_(0, 0.3, generator=torch.Generator().manual_seed(2))
    return model


def ra_rbm():
    return RARBM(RARBM.Options(hidden=H, patterns=2), V, Noise(range(R), "init"))


@pytest.mark.parametrize("way", ["persistent", "half steps"])
@pytest.mark.parametrize("build", [rbm, ra_rbm])
def test_sweeps_leave_the_distribution_unchanged(device, build, way, monkeypatch):
    from ebmbench_cuda import sweep

    if way == "half steps":
        monkeypatch.setattr(sweep, "persistent", lambda *_: None)
    model = build()
    start = drawn_exactly(model)[:, :CHAINS].to(device)
    here, noise = build().to(device), Noise(range(R), "sweep", device=device)
    kernel = TritonKernel(TritonKernel.Options())
    v, h = (part.cpu() for part in kernel.sweep(here, Chains(start), 2, 1.0, noise))
    assert_distributed_as(model, v)
    joint = row_of_state(torch.cat([v, h], -1))
    for r in range(R):
        assert_frequencies(joint[r], exact.joint(*numbers(model, r)).flatten())
