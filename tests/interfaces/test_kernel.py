"""Gibbs sweeps as samplers and metrics ask for them, with a kernel and without one."""

import pytest
import torch

from ebmbench import (
    Chains,
    Cost,
    GibbsKernel,
    Model,
    Noise,
    Sweeper,
    forming_cost,
    not_two_layers,
)
from ebmbench.checks.oracle.reference import ReferenceKernel, ReferencePatterned
from support.two_layer import random_model, random_spins, view_of

V, H, R, N = 5, 3, 2, 7
KERNEL = ReferenceKernel(ReferenceKernel.Options())


class Remembering(GibbsKernel):
    """Leaves chains as they are; they are (v, h)."""

    name = "remembering"
    remembers = True

    def supports(self, model, device):
        return None

    def sweep(self, model, chains, k, beta, noise):
        return chains


class Biased(Model):
    """F(v) = -a'v: no hidden units."""

    name = "biased"

    def free_energy(self, v):
        return -v.sum(-1)


def chains():
    return Chains(random_spins(R, N, V), random_spins(R, N, H, seed=1))


def test_chains_whose_hidden_units_are_summed_out_end_at_the_same_v():
    model = random_model(V, H, R)
    swept = KERNEL.sweep(model, chains(), 3, 0.7, Noise(range(R), "x"))
    ran = KERNEL.run_chains(model, chains(), 3, 0.7, Noise(range(R), "x"))
    assert torch.equal(ran.v, swept.v)
    assert ran.h is None
    assert swept.h.shape == (R, N, H)


def test_a_kernel_that_remembers_keeps_the_hidden_units():
    kernel, start = Remembering(None), chains()
    assert kernel.run_chains(random_model(V, H, R), start, 1, 1.0, Noise(range(R), "x")) is start


def test_a_sweeper_does_what_its_kernel_does():
    model, sweeper = random_model(V, H, R), Sweeper(KERNEL)
    for does in ("sweep", "run_chains"):
        mine, its = (
            getattr(each, does)(model, chains(), 2, 0.7, Noise(range(R), "x"))
            for each in (sweeper, KERNEL)
        )
        assert torch.equal(mine.v, its.v)
    assert sweeper.cannot_sweep(model) is None
    assert sweeper.sweep_cost(model, N, 3) == KERNEL.sweep_cost(model, N, 3)
    assert sweeper.phase_cost(model, N) == model.phase_cost(N)
    assert Sweeper(Remembering(None)).phase_cost(model, N) == model.joint_phase_cost(N)


def test_a_sweeper_without_a_kernel_says_why():
    model, sweeper = random_model(V, H, R), Sweeper(None)
    assert "no kernel is installed" in sweeper.cannot_sweep(model)
    assert sweeper.sweep_cost(model, N, 3) == Cost()
    assert not sweeper.replayable
    with pytest.raises(RuntimeError, match="no kernel is installed"):
        sweeper.sweep(model, chains(), 1, 1.0, Noise(range(R), "x"))


def test_a_view_sweeps_its_own_model_with_its_own_noise():
    model = random_model(V, H, R)
    view = view_of(model, kernel=KERNEL)
    expected = KERNEL.sweep(model, chains(), 2, 0.7, Noise(range(R), "metric"))
    assert torch.equal(view.sweep(chains(), 2, 0.7).v, expected.v)
    assert view.noise.step == 4
    ran = view_of(model, kernel=KERNEL).run_chains(chains(), 2, 0.7)
    assert torch.equal(ran.v, expected.v)
    assert ran.h is None


def test_a_model_of_another_kind_is_not_two_layers():
    assert not_two_layers(random_model(V, H, R)) is None
    told = not_two_layers(Biased(None, V, Noise(range(R), "init")))
    assert told == "the model 'biased' is not two layers of spins that only couple across"


def test_weights_of_patterns_are_formed_once_per_sweep_unless_fields_are_found_by_factors():
    model = ReferencePatterned(ReferencePatterned.Options(patterns=2), V, Noise(range(R), "init"))
    one, three = (KERNEL.sweep_cost(model, N, k) for k in (1, 3))
    assert one.macs == 2 * V * H + 2 * N * V * H
    assert three.macs == 2 * V * H + 3 * 2 * N * V * H
    assert forming_cost(random_model(V, H, R)) == Cost()
    model.field_macs = V * H - 1  # as a model says that goes by its patterns
    assert KERNEL.sweep_cost(model, N, 3).macs == 3 * 2 * N * (V * H - 1)
