"""The fused half step, tile by tile, against the reference's field and draw."""

from __future__ import annotations

import pytest
import torch
from side_by_side import SEEDS, erased, noise_at
from torch.nn.functional import pad

from ebmbench.numerics import philox, philox_tensor, to_fixed_point
from ebmbench_cuda.digits import Digits
from ebmbench_cuda.tuning import CHIPS, Tile
from support.kernels import own_temperatures
from support.two_layer import random_model, random_spins

pytest.importorskip("triton", reason="triton is not installed: pip install 'ebmbench[cuda]'")
from ebmbench_cuda.half_step import launch_half_step
from ebmbench_cuda.sweep import whole

R, N, V, H = len(SEEDS), 37, 53, 101
FEW = 23  # units given: words come in halves
BETA = 0.7
TILES = [
    Tile(rows=16, targets=32, sources=32, warps=1, stages=1),
    Tile(rows=64, targets=128, sources=64, warps=4, stages=2),
    Tile(rows=32, targets=32, sources=128, warps=2, stages=3),
]


def drawn(model, v, tile, device, junk=0, beta=BETA):
    """h given v by the kernel, at the second draw of the streams."""
    _, V, H = model.W.shape
    sources, targets = whole(V, tile.sources), whole(H, tile.targets)
    digits, noise = Digits.of(to_fixed_point(model)), noise_at()
    out = torch.full((R, N, targets), 99, dtype=torch.int8, device=device)
    side = digits.to_hidden(targets, sources)
    launch_half_step(
        pad(v, (0, sources - V), value=junk).to(device, torch.int8),
        type(side)(*(part.to(device) for part in side)),
        philox_tensor.key_bits(noise.keys, device),
        philox_tensor.draw_scale(digits.step, beta).to(device),
        torch.tensor(noise.step, device=device),
        1,
        out,
        tile,
        philox.in_halves(V),
    )
    return out[..., :H].float().cpu()


def expected(model, v, beta=BETA):
    fixed_point, noise = to_fixed_point(model), noise_at()
    noise.advance(1)
    return fixed_point.draw_hidden(v, beta, noise)


@pytest.mark.parametrize("tile", TILES, ids=str)
def test_no_spin_differs_from_the_references_whatever_the_tile(device, tile):
    model, v = random_model(V, H, scale=0.1, biases="b"), random_spins(R, N, V)
    assert (drawn(model, v, tile, device) != expected(model, v)).sum() == 0


@pytest.mark.parametrize("tile", TILES, ids=str)
def test_no_spin_differs_where_few_units_are_given(device, tile):
    model, v = random_model(FEW, H, scale=0.1, biases="b"), random_spins(R, N, FEW)
    assert (drawn(model, v, tile, device) != expected(model, v)).sum() == 0


@pytest.mark.parametrize("tile", TILES, ids=str)
@pytest.mark.parametrize("visible", [V, FEW])
def test_no_spin_differs_where_each_chain_has_a_temperature_of_its_own(device, tile, visible):
    model, v = random_model(visible, H, scale=0.3, biases="b"), random_spins(R, N, visible)
    betas = own_temperatures(R, N)
    assert torch.equal(drawn(model, v, tile, device, beta=betas), expected(model, v, betas))


@pytest.mark.parametrize("visible", [1, 32, 33])
def test_no_spin_differs_at_the_bounds_of_few(device, visible):
    model, v = random_model(visible, H, scale=0.1), random_spins(R, N, visible)
    assert (drawn(model, v, TILES[1], device) != expected(model, v)).sum() == 0


@pytest.mark.parametrize("biases", ["", "a", "ab"])
def test_no_spin_differs_with_or_without_biases(device, biases):
    model, v = random_model(V, H, scale=0.1, biases=biases), random_spins(R, N, V)
    assert (drawn(model, v, TILES[1], device) != expected(model, v)).sum() == 0


@pytest.mark.parametrize("scale", [1e-9, 0.0, 30.0])
def test_weights_of_any_size_draw_the_same_spins(device, scale):
    model, v = random_model(V, H, scale=scale), random_spins(R, N, V)
    assert (drawn(model, v, TILES[1], device) != expected(model, v)).sum() == 0


def test_erased_units_add_nothing(device):
    model, v = random_model(V, H, scale=0.1, biases="ab"), erased(random_spins(R, N, V))
    assert (drawn(model, v, TILES[1], device) != expected(model, v)).sum() == 0


def test_what_stands_in_the_padding_does_not_matter(device):
    model, v = random_model(V, H, scale=0.1), random_spins(R, N, V)
    assert torch.equal(drawn(model, v, TILES[1], device, junk=1), expected(model, v))


@pytest.mark.gpu
@pytest.mark.parametrize("chip", ["sm_80", "sm_90"])
def test_the_tables_tiles_draw_the_same_spins(device, chip):
    if device.type == "cpu":
        pytest.skip("tiles of other chips are for compiled kernels")
    for visible in (V, FEW):
        model = random_model(visible, H, scale=0.1, biases="ab")
        v = random_spins(R, N, visible)
        for tile in CHIPS[chip].tiles:
            assert torch.equal(drawn(model, v, tile, device), expected(model, v))
