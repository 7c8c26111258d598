"""Sweeps by blocks: no drift, the same spins by all ways, and the methods that use them."""

import pytest
import torch
from machines import H, K, R, V, boltzmann, joint, numbers, ra_boltzmann

from ebmbench import Chains, Couplings, Noise, Particles
from ebmbench_boltzmann import Boltzmann, ColouredKernel
from ebmbench_boltzmann.colours import JointFixedPoint, by_blocks, by_units
from ebmbench_gibbs import CD, PCD, RBM, TorchKernel
from ebmbench_rapid import PID
from support import exact
from support.kernels import chains, own_temperatures
from support.no_drift import CHAINS, assert_frequencies
from support.two_layer import TwoLayerModel, row_of_state

KERNEL = ColouredKernel(ColouredKernel.Options())
each_wiring = pytest.mark.parametrize("wiring", ["full", "bipartite", "deep"])


def p_of(model, wiring, r):
    """p(v, h) of all states, (2^U,)."""
    return joint(*numbers(model, wiring, r)).flatten()


def drawn_exactly(model, wiring):
    """(v, h) of each replica drawn from p, (R, CHAINS, V) and (R, CHAINS, H)."""
    generator = torch.Generator().manual_seed(0)
    p = torch.from_numpy(exact.np.stack([p_of(model, wiring, r) for r in range(R)]))
    rows = torch.multinomial(p, CHAINS, replacement=True, generator=generator)
    s = torch.from_numpy(exact.states(V + H))[rows].float()
    return s[..., :V], s[..., V:]


def assert_distributed(model, wiring, v, h):
    rows = row_of_state(torch.cat([v, h], -1))
    for r in range(R):
        assert_frequencies(rows[r], p_of(model, wiring, r))


@each_wiring
@pytest.mark.parametrize("k", [1, 4, 16])
def test_a_sweep_leaves_the_joint_distribution_unchanged(wiring, k):
    model = boltzmann(wiring, std=1.0) if k > 1 else ra_boltzmann(wiring)
    v, h = drawn_exactly(model, wiring)
    after = KERNEL.sweep(model, Chains(v, h), k, 1.0, Noise(range(R), "sweep"))
    assert_distributed(model, wiring, *after)


@each_wiring
def test_a_sweep_moves_the_chains(wiring):
    model = boltzmann(wiring)
    v, h = drawn_exactly(model, wiring)
    after = KERNEL.sweep(model, Chains(v, h), 1, 1.0, Noise(range(R), "sweep"))
    assert all(
        (one != other).float().mean() > 0.1 for one, other in zip(after, (v, h), strict=True)
    )


@each_wiring
def test_pcd_leaves_the_joint_distribution_unchanged_over_updates(wiring):
    """Shown to fail, full and deep, where each update draws hidden units anew, given v."""
    model = boltzmann(wiring, std=1.0)
    sampler = PCD(PCD.Options(k=1, chains=CHAINS), KERNEL)
    state, noise = Chains(*drawn_exactly(model, wiring)), Noise(range(R), "pcd")
    for _ in range(3):
        particles, state = sampler.particles(model, Particles(state.v[:, :1]), state, noise)
    assert torch.equal(particles.h, state.h)
    assert_distributed(model, wiring, particles.v, particles.h)


@each_wiring
def test_hidden_units_start_as_given_v(wiring):
    """v drawn from p(v), many clamped sweeps and a step: (v, h) is drawn from p(v, h)."""
    model = boltzmann(wiring, clamped=30)
    v, _ = drawn_exactly(model, wiring)
    sampler = CD(CD.Options(k=1), KERNEL)
    particles, _ = sampler.particles(model, Particles(v), None, Noise(range(R), "cd"))
    assert_distributed(model, wiring, particles.v, particles.h)


def test_pid_starts_its_chains_at_both_parts_of_the_patterns():
    model = ra_boltzmann("full")
    model.scale = 1e6  # nothing is left to chance: each unit aligns with its field
    sampler = PID(PID.Options(k=1, hidden="pattern"), KERNEL)
    found, _ = sampler.particles(model, Particles(None), None, Noise(range(R), "pid"))
    start = [xi.detach().sign() for xi in (model.xi_v, model.xi_h)]
    v, h = KERNEL.sweep(model, Chains(*start), 1, 1.0, Noise(range(R), "other"))
    assert found.v.shape == (R, K, V)
    assert torch.equal(found.v, v)
    assert torch.equal(found.h, h)


@pytest.mark.parametrize("start", ["spins", "erased"])
@pytest.mark.parametrize(("V", "H"), [(37, 61), (33, 40)])
def test_two_layers_get_the_reference_kernels_spins(V, H, start):
    options = Boltzmann.Options(mask="bipartite", hidden=H, init_std=0.5, bias=True)
    ours = Boltzmann(options, V, Noise(range(R), "init"))
    ours.c.data.normal_(0, 0.3, generator=torch.Generator().manual_seed(1))
    c, W = ours.c.detach(), ours.J.detach().view(R, V, H)
    theirs = TwoLayerModel(W, c[:, :V], c[:, V:])
    v = chains(R, 7, V, start)
    reference = TorchKernel(TorchKernel.Options())
    assert isinstance(theirs.couplings(), Couplings)
    for beta in (0.7, own_temperatures(R, 7)):
        expected = reference.sweep(theirs, Chains(v), 3, beta, Noise(range(R), "x"))
        found = KERNEL.sweep(ours, Chains(v), 3, beta, Noise(range(R), "x"))
        for one, other in zip(found, expected, strict=True):
            assert torch.equal(one, other)


@pytest.mark.parametrize("k", [1, 3])
@pytest.mark.parametrize("beta", [0.7, own_temperatures(R, 7)], ids=["one beta", "one per chain"])
def test_unit_by_unit_gives_the_spins_of_block_by_block(k, beta):
    options = Boltzmann.Options(mask="full", hidden=11, init_std=0.5, bias=True)
    model = Boltzmann(options, 13, Noise(range(R), "init"))
    fixed_point, s = JointFixedPoint.of(model.joint()), Noise(range(R), "s").coins(7, 24)
    arguments = s, fixed_point, model.wiring.blocks, k, beta
    noises = [Noise(range(R), "x") for _ in range(2)]
    one, other = (way(*arguments, noise) for way, noise in zip((by_units, by_blocks), noises,
                                                               strict=True))  # fmt: skip
    assert torch.equal(one, other)
    assert not torch.equal(one, s)
    assert noises[0].step == noises[1].step == 24 * k


def test_a_chains_spins_do_not_depend_on_the_other_chains_and_replicas():
    model = boltzmann("full", replicas=3)
    v = chains(3, 11, V, "spins")
    together, _ = KERNEL.sweep(model, Chains(v), 2, 1.0, Noise(range(3), "x"))
    few, _ = KERNEL.sweep(model, Chains(v[:, :5]), 2, 1.0, Noise(range(3), "x"))
    assert torch.equal(together[:, :5], few)
    model.J.data, model.c.data = model.J.data[1:2], model.c.data[1:2]
    model.replicas = 1
    alone, _ = KERNEL.sweep(model, Chains(v[1:2]), 2, 1.0, Noise([1], "x"))
    assert torch.equal(together[1:2], alone)


def test_the_temperature_counts():
    model = boltzmann("full")
    v, h = drawn_exactly(model, "full")
    hot, _ = KERNEL.sweep(model, Chains(v, h), 4, 1e-6, Noise(range(R), "x"))
    assert_frequencies(row_of_state(hot[0]), exact.np.full(2**V, 2.0**-V))


def test_what_cannot_be_swept_is_told():
    plain = RBM(RBM.Options(hidden=H), V, Noise(range(R), "init"))
    assert "'rbm'" in KERNEL.supports(plain, torch.device("cpu"))
    assert KERNEL.supports(boltzmann("full"), torch.device("cpu")) is None
    reason = CD(CD.Options(), None).supports(boltzmann("full"), None)
    assert reason == "none of the kernels that may be used here sweeps the model 'boltzmann'"


def test_work_is_counted_with_and_without_a_sum_over_hidden_units():
    """Chains bring their hidden units along; a row of data is completed with 2^4 states."""
    model, chains = boltzmann("full"), 11
    assert model.joint_phase_cost(chains).macs == chains * (V + H) ** 2
    assert model.phase_cost(chains).macs == 2 * 16 * chains * (V + H) ** 2
    sweep = KERNEL.sweep_cost(model, chains, 3)
    assert sweep.randoms == 3 * chains * (V + H)
    pcd = PCD(PCD.Options(k=3, chains=chains), KERNEL).cost(model, 2)
    assert pcd.macs == sweep.macs + model.joint_phase_cost(chains).macs
