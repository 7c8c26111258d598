"""Thresholds and draws, against the probabilities that they should have."""

import pytest
import torch
from pydantic import ValidationError

from ebmbench import Noise
from ebmbench_data.binarize import Binarize, bernoulli, threshold
from ebmbench_data.grey import Grey

R, N, V = 2, 7, 5


def constant(level, white, rows=20_000, columns=5):
    return Grey(torch.full((1, rows, columns), level), white)


def test_a_level_must_be_above_the_threshold():
    levels = torch.tensor([[[0, 76, 77, 255]]], dtype=torch.uint8)
    assert threshold(Grey(levels, 255), 0.3).tolist() == [[[-1, -1, 1, 1]]]
    assert threshold(Grey(torch.tensor([[[0.0, 0.5, 1.0]]]), 1), 0.5).tolist() == [[[-1, -1, 1]]]


@pytest.mark.parametrize(("level", "white"), [(0.013, 1), (0.5, 1), (0.971, 1), (3, 16)])
def test_a_draw_is_up_with_the_probability_of_its_level(level, white):
    p = level / white
    up = (bernoulli(constant(level, white), Noise(range(R), "x")) > 0).double().mean((1, 2))
    error = (p * (1 - p) / 100_000) ** 0.5
    assert ((up - p).abs() < 4 * error).all()


@pytest.mark.parametrize("dtype", [torch.uint8, torch.float32])
def test_black_and_white_leave_nothing_to_chance(dtype):
    levels = torch.tensor([[[0, 255]]], dtype=dtype).repeat(1, 50_000, 1)
    spins = bernoulli(Grey(levels, 255), Noise([0], "x"))
    assert (spins[..., 0] == -1).all()
    assert (spins[..., 1] == 1).all()


def test_pixels_rows_and_replicas_are_drawn_apart():
    spins = bernoulli(constant(0.5, 1, rows=70_000, columns=7), Noise(range(R), "x"))
    flat = spins.reshape(R, -1)
    for shift in (1, 7, 7 * (2**18 // 7)):  # the next pixel, the next row, the next part
        assert (flat[:, shift:] * flat[:, :-shift]).mean(1).abs().max() < 0.01
    assert (flat[0] * flat[1]).mean().abs() < 0.01


def test_a_replicas_draws_depend_on_its_own_seed_only():
    own = Grey(torch.rand(3, N, V, generator=torch.Generator().manual_seed(0)), 1)
    together = bernoulli(own, Noise([4, 5, 6], "x"))
    alone = bernoulli(Grey(own.levels[2:], 1), Noise([6], "x"))
    assert torch.equal(together[2:], alone)


def test_rows_that_are_drawn_once_stay_and_others_can_be_drawn_anew():
    grey = constant(0.5, 1, rows=N)
    assert Binarize().redraw(grey) is None
    assert Binarize(rule="bernoulli").redraw(grey) is None
    redraw = Binarize(rule="bernoulli", every="epoch").redraw(grey)
    noise = Noise(range(R), "redraw")
    first, second = redraw(noise), redraw(noise)
    assert first.shape == second.shape == (R, N, 5)
    assert not torch.equal(first, second)


def test_a_redraw_for_one_replica_is_the_first_replicas():
    own = Grey(torch.rand(R, N, V, generator=torch.Generator().manual_seed(1)), 1)
    redraw = Binarize(rule="bernoulli", every="epoch").redraw(own)
    assert torch.equal(redraw(Noise([3, 4], "x"))[:1], redraw(Noise([3], "x")))


def test_only_draws_can_be_repeated():
    with pytest.raises(ValidationError, match="use rule: bernoulli"):
        Binarize(every="epoch")
