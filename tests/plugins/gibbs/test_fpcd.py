"""FPCD: theta_f by hand, chains swept by theta + theta_f, and PCD where there is none."""

from copy import deepcopy

import torch

from ebmbench import Noise, Particles
from ebmbench_gibbs import PCD, RBM, TorchKernel
from ebmbench_gibbs.fpcd import FPCD
from support.two_layer import splits_of

R, V, H, CHAINS = 2, 7, 5, 11
KERNEL = TorchKernel(TorchKernel.Options())


def rbm():
    return RBM(RBM.Options(hidden=H, init_std=0.6, bias=True), V, Noise(range(R), "init"))


def sampler(**options):
    return FPCD(FPCD.Options(chains=CHAINS, **options), KERNEL)


def started(sampler, model):
    v = Noise(range(R), "data").coins(3, V)
    batch = Particles(v)
    return batch, sampler.start(model, splits_of(v, v), Noise(range(R), "start"))


def test_without_fast_weights_it_is_pcd_to_the_last_bit():
    model, noise, its_noise = rbm(), Noise(range(R), "x"), Noise(range(R), "x")
    ours, pcd = sampler(k=2, fast_lr=0.0, decay=0.0), PCD(PCD.Options(k=2, chains=CHAINS), KERNEL)
    batch, state = started(ours, model)
    _, its = started(pcd, model)
    for _ in range(3):
        found, expected = (
            each.negative_phase(model, batch, standing, stream)
            for each, standing, stream in ((ours, state, noise), (pcd, its, its_noise))
        )
        state, its = found.state, expected.state
        assert torch.equal(found.particles.v, expected.particles.v)
        torch.testing.assert_close(found.phase, expected.phase, rtol=0, atol=0)


def test_fast_weights_follow_the_difference_of_the_phases_and_fade():
    model, noise, its_noise = rbm(), Noise(range(R), "x"), Noise(range(R), "x")
    ours, lr, decay = sampler(fast_lr=0.3, decay=0.9), 0.3, 0.9
    batch, state = started(ours, model)
    chains, fast = state.chains, [torch.zeros_like(each) for each in model.parameters()]
    with torch.no_grad():
        for _ in range(3):
            moved = deepcopy(model)
            for parameter, step in zip(moved.parameters(), fast, strict=True):
                parameter += step
            chains = KERNEL.run_chains(moved, chains, 1, 1.0, its_noise)
            phases = zip(model.phase(batch), model.phase(Particles(chains.v)), strict=True)
            fast = [decay * f - lr * (d - m) for f, (d, m) in zip(fast, phases, strict=True)]
            found = ours.negative_phase(model, batch, state, noise)
            state = found.state
            assert torch.equal(state.chains.v, chains.v)
            torch.testing.assert_close(state.fast, tuple(fast), rtol=0, atol=0)
    assert all(part.abs().sum() > 0 for part in fast)


def test_the_parameters_stay_as_they_are():
    model, ours = rbm(), sampler(fast_lr=1.0)
    before = [each.detach().clone() for each in model.parameters()]
    batch, state = started(ours, model)
    for _ in range(2):
        state = ours.negative_phase(model, batch, state, Noise(range(R), "x")).state
    assert all(torch.equal(*pair) for pair in zip(before, model.parameters(), strict=True))
