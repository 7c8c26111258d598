"""The persistent kernel for small models, against the reference's sweeps."""

from __future__ import annotations

import pytest
import torch
from side_by_side import assert_same_spins, erased

from ebmbench import Noise
from ebmbench_cuda import TritonKernel
from ebmbench_cuda.tuning import CHIPS, INTERPRETER
from ebmbench_rapid import RARBM
from support.kernels import own_temperatures
from support.two_layer import random_model, random_spins

pytest.importorskip("triton", reason="triton is not installed: pip install 'ebmbench[cuda]'")
from ebmbench_cuda import sweep, triton_kernel
from ebmbench_cuda.sweep import HalfSteps, Persistent, plan_of

pytestmark = pytest.mark.soak  # Triton's interpreter takes its time

R, N, V, H = 2, 37, 23, 101


@pytest.fixture
def small_tiles(monkeypatch):
    """Several tiles of chains to each program, several chunks of hidden units."""
    chip = CHIPS[INTERPRETER]
    small = chip.small._replace(rows=16, chunk=128, programs=4)
    monkeypatch.setitem(CHIPS, INTERPRETER, chip._replace(small=small))


@pytest.mark.parametrize(("visible", "hidden"), [(V, 19), (32, 32), (1, 33)])
def test_no_spin_differs_where_few_units_are_given(device, visible, hidden):
    model = random_model(visible, hidden, scale=0.3, biases="ab")
    assert_same_spins(model, random_spins(R, N, visible), 3, device, beta=0.7)


@pytest.mark.parametrize("k", [1, 3])
@pytest.mark.parametrize("biases", ["", "ab"])
def test_no_spin_differs_from_the_references(device, k, biases):
    model = random_model(V, H, scale=0.1, biases=biases)
    assert_same_spins(model, random_spins(R, N, V), k, device, beta=0.7)


def test_tiles_and_chunks_do_not_change_a_spin(device, small_tiles):
    model = random_model(V, 151, scale=0.1, biases="ab")
    assert_same_spins(model, random_spins(R, N, V), 2, device, beta=1.3)


@pytest.mark.parametrize(("visible", "hidden"), [(V, 151), (V, 19)])
def test_no_spin_differs_where_each_chain_has_a_temperature(device, small_tiles, visible, hidden):
    model = random_model(visible, hidden, scale=0.3, biases="ab")
    v, betas = random_spins(R, N, visible), own_temperatures(R, N)
    assert_same_spins(model, v, 3, device, betas)


def test_digits_that_do_not_fit_in_both_orders_do_not_change_a_spin(device, monkeypatch):
    whole_plan = sweep.persistent

    def in_one_order(*arguments):
        plan = whole_plan(*arguments)
        return plan._replace(small=plan.small._replace(both=False))

    monkeypatch.setattr(sweep, "persistent", in_one_order)
    model = random_model(V, H, scale=0.1, biases="b")
    assert_same_spins(model, random_spins(R, N, V), 2, device)


def test_erased_units_add_nothing(device):
    model = random_model(V, H, scale=0.1, biases="ab")
    assert_same_spins(model, erased(random_spins(R, N, V)), 2, device)


def test_patterns_draw_the_same_spins(device):
    model = RARBM(RARBM.Options(hidden=H, patterns=7), V, Noise(range(R), "init"))
    assert_same_spins(model, random_spins(R, N, V), 2, device)


@pytest.mark.parametrize(("visible", "hidden"), [(V, H), (V, 19), (32, 32)])
def test_half_steps_draw_the_same_spins(device, monkeypatch, visible, hidden):
    monkeypatch.setattr(sweep, "persistent", lambda *_: None)
    model = random_model(visible, hidden, scale=0.1, biases="ab")
    assert_same_spins(model, random_spins(R, N, visible), 2, device)


def test_a_small_model_is_swept_by_the_persistent_kernel():
    assert isinstance(plan_of(CHIPS[INTERPRETER], V, H, 3), Persistent)
    assert isinstance(plan_of(CHIPS["sm_90"], 16, 1000, 3), Persistent)
    assert isinstance(plan_of(CHIPS["sm_90"], 33, 1000, 3), HalfSteps)
    assert isinstance(plan_of(CHIPS["sm_90"], 16, 1025, 3), HalfSteps)


@pytest.mark.parametrize("make", [plan_of, lambda *sizes: sweep.half_steps(*sizes[:3])])
def test_units_of_the_model_say_how_words_come_not_padding(make):
    for chip in CHIPS.values():
        assert make(chip, 32, 33, 3).in_halves == (True, False)
        assert make(chip, 33, 32, 3).in_halves == (False, True)
        assert make(chip, 1, 1, 3).in_halves == (True, True)
        assert make(chip, 784, 500, 3).in_halves == (False, False)


def test_models_that_differ_in_it_alone_are_not_swept_by_one_plan():
    few, many = (plan_of(CHIPS["sm_90"], 16, H, 3) for H in (32, 33))
    assert few.sizes == many.sizes
    assert few != many


def test_what_does_not_fit_in_both_orders_is_kept_in_one_or_not_at_all():
    assert plan_of(CHIPS["sm_90"], 16, 1000, 3).small.both
    assert not plan_of(CHIPS["sm_80"], 16, 1000, 3).small.both
    assert plan_of(CHIPS["sm_80"], 16, 1000, 2).small.both
    assert isinstance(plan_of(CHIPS["default"], 16, 1000, 3), HalfSteps)


def test_a_kernels_table_can_be_read_for_any_chip(monkeypatch):
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda _: (8, 9))
    assert triton_kernel.chip_of(torch.device("cuda")) == CHIPS["default"]
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda _: (9, 0))
    assert triton_kernel.chip_of(torch.device("cuda")) == CHIPS["sm_90"]
    assert TritonKernel.priority > 0
