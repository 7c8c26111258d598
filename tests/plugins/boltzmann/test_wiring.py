"""Masks, and the blocks of units that can be drawn together."""

import pytest
import torch
from machines import MASKS, H, V, coupled

from ebmbench_boltzmann.wiring import wire

LAYERS = {"full": (5,), "bipartite": (5,), "deep": (3, 2), "deeper": (2, 1, 2)}
each_wiring = pytest.mark.parametrize("wiring", MASKS)


def wired(wiring):
    return wire(MASKS[wiring]["mask"], V, LAYERS[wiring], torch.device("cpu"))


@each_wiring
def test_the_mask_lets_the_right_pairs_couple(wiring):
    assert (wired(wiring).mask.numpy() == coupled(wiring)).all()


@each_wiring
def test_blocks_are_all_units_once_and_do_not_couple_within(wiring):
    mask, blocks, _ = wired(wiring)
    assert sorted(torch.cat(blocks).tolist()) == list(range(V + H))
    assert not any(mask[block][:, block].any() for block in blocks)
    assert (blocks[0] >= V).any()  # hidden units first


@each_wiring
def test_inner_hidden_units_do_not_couple_and_the_outer_ones_are_the_others(wiring):
    wiring = wired(wiring)
    assert not wiring.mask[wiring.inner][:, wiring.inner].any()
    both = sorted([*wiring.inner.tolist(), *wiring.outer.tolist()])
    assert both == list(range(V, V + H))


def test_a_deep_machine_enumerates_its_smaller_half():
    assert wired("deep").outer.tolist() == [6, 7]
    assert wired("deeper").outer.tolist() == [5]
    assert wired("full").outer.tolist() == [4, 5, 6, 7]
