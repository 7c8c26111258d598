"""Given couplings: the fields and free energies of a model that has them, and fixed numbers."""

import pytest
import torch

from ebmbench import Couplings, Model
from ebmbench.numerics import GivenCouplings
from support.two_layer import random_model, random_spins


class Given(GivenCouplings, Model):
    name = "given"


R, V, H, N = 2, 5, 3, 7


@pytest.mark.parametrize("biases", ["", "a", "b", "ab"])
def test_they_make_the_model_that_they_are_of(biases):
    model = random_model(V, H, R, biases=biases)
    given, v, h = Given(model.couplings()), random_spins(R, N, V), random_spins(R, N, H)
    assert torch.equal(given.hidden_field(v), model.hidden_field(v))
    assert torch.equal(given.visible_field(h), model.visible_field(h))
    torch.testing.assert_close(given.free_energy(v), model.free_energy(v))
    for mine, theirs in zip(given.couplings(), model.couplings(), strict=True):
        assert (mine is None) == (theirs is None)
        assert mine is None or torch.equal(mine, theirs)
    assert (given.replicas, given.visible, given.hidden, given.field_macs) == (R, V, H, V * H)


def test_they_are_of_the_same_memory_and_ask_for_no_gradient():
    W = torch.randn(R, V, H, requires_grad=True)
    given = Given(Couplings(W, None, None))
    assert given.frozen
    assert given.W.data_ptr() == W.data_ptr()
    assert not any(each.requires_grad for each in given.parameters())


def test_they_need_no_numbers_for_a_count_of_work():
    given = Given(Couplings(torch.empty(1, V, H, device="meta"), None, None))
    assert given.parameters_per_replica() == V * H
