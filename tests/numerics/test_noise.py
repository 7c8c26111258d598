"""The streams: Philox's published numbers, and draws with the right distribution."""

import numpy as np
import pytest
import torch
from scipy import stats

from ebmbench import Noise
from ebmbench.numerics import philox, philox_tensor
from ebmbench.numerics.noise import derive
from ebmbench.numerics.tensor_noise import TensorNoise
from support.kernels import own_temperatures

GIVEN = [pytest.param(None, id="words"), pytest.param(32, id="words in halves")]
KNOWN_ANSWERS = [  # Salmon et al. 2011, the Random123 distribution's kat_vectors
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.mark.parametrize(("counter", "key", "words"), KNOWN_ANSWERS)
def test_philox_gives_the_published_words(counter, key, words):
    arguments = [np.uint32(number) for number in (*counter, *key)]
    assert philox.philox4x32(*arguments) == words


def test_a_word_is_addressed_by_column_row_and_step():
    noise = Noise([5], "x")
    noise.step = 3
    words = noise.words(7, 11)[0]
    key = derive(5, "x")
    halves = np.uint32(key & 0xFFFFFFFF), np.uint32(key >> 32)
    counter = [np.uint32(number) for number in (9 // 4, 6, 3, 0)]
    assert words[6, 9] == philox.philox4x32(*counter, *halves)[9 % 4]


def test_steps_past_32_bits_go_on_into_the_fourth_counter():
    noise = Noise([5], "x")
    noise.step = 2**32 + 3
    key = noise.keys[0]
    counter = [np.uint32(number) for number in (0, 0, 3, 1)]
    halves = np.uint32(int(key) & 0xFFFFFFFF), np.uint32(int(key) >> 32)
    assert noise.words(1, 1)[0, 0, 0] == philox.philox4x32(*counter, *halves)[0]


@pytest.mark.parametrize("draw", ["words", "uniform", "normal", "coins"])
def test_a_replica_draws_the_same_alone_and_in_a_block(draw):
    block = Noise(range(10), "x")
    alone = Noise([7], "x")
    for _ in range(3):
        assert torch.equal(getattr(block, draw)(5, 11)[7:8], getattr(alone, draw)(5, 11))


def test_streams_of_some_replicas_are_their_own_at_each_step_and_move_no_other():
    block, alone = Noise(range(10), "x"), Noise([7], "x")
    drawn = []
    for _ in range(2):
        apart = block.apart([2, 7], "y")
        drawn.append(apart.words(3, 5)[1:])
        assert torch.equal(drawn[-1], alone.apart([0], "y").words(3, 5))
        assert block.step == alone.step
        block.words(1, 1), alone.words(1, 1)
    drawn += [block.apart([6], "y").words(3, 5), block.apart([7], "z").words(3, 5)]
    drawn += [block.words(3, 5)[7:8]]
    assert len({tuple(each.flatten().tolist()) for each in drawn}) == len(drawn)


def test_parts_of_a_replica_draw_numbers_of_their_own_alone_and_in_a_block():
    block, alone = Noise(range(10), "x"), Noise([7], "x")
    for _ in range(2):
        found = block.split(3).words(5, 11)
        assert torch.equal(found[21:24], alone.split(3).words(5, 11))
        assert torch.equal(block.words(5, 11)[7:8], alone.words(5, 11))
    drawn = [*found, *block.words(5, 11), *block.split(2).words(5, 11)]
    assert len({tuple(each.flatten().tolist()) for each in drawn}) == 30 + 10 + 20


def test_parts_and_replicas_move_on_together():
    noise = Noise([1, 2], "x")
    parts = noise.split(3)
    assert parts.replicas == 6
    parts.words(5, 11), noise.words(5, 11), parts.normal(1, 1)
    assert noise.step == parts.step == 3
    noise.step = 1
    again = Noise([1, 2], "x")
    again.words(1, 1)
    assert torch.equal(noise.split(3).words(5, 11), again.split(3).words(5, 11))


@pytest.mark.parametrize("given", GIVEN)
def test_spins_are_the_same_alone_and_in_a_block(given):
    field = torch.randn(10, 5, 11, generator=torch.Generator().manual_seed(0))
    block = Noise(range(10), "x").spins(field, 0.7, given=given)
    assert torch.equal(block[7:8], Noise([7], "x").spins(field[7:8].clone(), 0.7, given=given))


@pytest.mark.parametrize("given", GIVEN)
@pytest.mark.parametrize("kind", [Noise, TensorNoise])
def test_a_rows_spins_are_those_of_its_own_temperature(kind, given):
    field = torch.randn(2, 7, 11, generator=torch.Generator().manual_seed(0))
    step = np.array([0.3, 1.7])
    betas = own_temperatures(2, 7)
    mixed = kind([1, 2], "x").spins(field, betas, step, given)
    for beta in betas.unique().tolist():
        plain = Noise([1, 2], "x").spins(field, beta, step, given)
        assert torch.equal(mixed[betas == beta], plain[betas == beta])


def test_words_come_in_halves_where_few_units_are_given():
    field = torch.zeros(1, 211, 13)
    plain, few, many = (Noise([1], "x").spins(field, given=given) for given in (None, 32, 33))
    assert torch.equal(many, plain)
    assert not torch.equal(few, plain)


def test_streams_of_other_seeds_and_purposes_differ():
    words = [Noise([1], "x"), Noise([2], "x"), Noise([1], "y"), Noise([1], "x", "")]
    drawn = [tuple(noise.words(1, 4).flatten().tolist()) for noise in words]
    assert len(set(drawn)) == 4


def test_names_are_kept_apart():
    assert derive(1, "ab", "c") != derive(1, "a", "bc")


def test_uniform_numbers_are_uniform():
    drawn = Noise([3], "x").uniform(1000, 211).flatten().numpy()
    assert drawn.min() >= 0
    assert drawn.max() < 1
    assert stats.kstest(drawn, "uniform").pvalue > 0.001


def test_normal_numbers_are_normal():
    drawn = Noise([3], "x").normal(1000, 211).flatten().numpy()
    assert stats.kstest(drawn, "norm").pvalue > 0.001


def test_a_permutation_has_everything_once_and_no_favourites():
    order = Noise(range(3000), "x").permutation(5)
    assert torch.equal(order.sort(dim=-1).values, torch.arange(5).expand(3000, -1))
    first = torch.bincount(order[:, 0], minlength=5).numpy()
    assert stats.chisquare(first).pvalue > 0.001


@pytest.mark.parametrize("given", GIVEN)
@pytest.mark.parametrize("beta", [1.0, 0.3])
@pytest.mark.parametrize("x", [-3.0, -0.4, 0.0, 0.05, 1.1])
def test_spins_follow_sigmoid_of_twice_the_field(x, beta, given):
    n = 400_000
    spins = Noise([11], "x").spins(torch.full((1, n // 16, 16), x), beta, given=given)
    p = 1 / (1 + np.exp(-2 * beta * x))
    ups = int((spins > 0).sum())
    assert stats.binomtest(ups, n, p).pvalue > 0.001
    assert set(spins.unique().tolist()) <= {-1.0, 1.0}


@pytest.mark.parametrize("given", GIVEN)
def test_a_draw_is_the_comparison_of_its_word_with_the_probability(given):
    """Against the plain rule in float64; they may differ only within rounding of the border."""
    x = 3 * torch.randn(2, 211, 13, generator=torch.Generator().manual_seed(1))
    noise = Noise([1, 2], "x")
    words = philox_tensor.words(noise.key_bits, 0, (211, 13), in_halves=given is not None)
    spins = noise.spins(x, given=given)
    u = (words.double() + 0.5) / 2**32
    p = torch.sigmoid(2 * x.double())
    differs = (spins > 0) != (u < p)
    assert not (differs & ((u - p).abs() > 1e-6 * p * (1 - p) + 2**-31)).any()


@pytest.mark.parametrize("given", GIVEN)
def test_both_tails_are_resolved_far_below_float32(given):
    """At x = 8 a spin is against its field once in 9e6 draws, finer than float32 near 1."""
    rare = Noise([4], "x").spins(torch.full((1, 8_000, 5_000), 8.0), given=given)
    expected = rare.numel() / (1 + np.exp(16.0))
    against = int((rare < 0).sum())
    assert stats.poisson.sf(against - 1, expected) > 0.001
    assert stats.poisson.cdf(against, expected) > 0.001
    far = torch.full((1, 10, 10_000), -300.0)
    assert (Noise([4], "x").spins(far, given=given) == -1).all()


def test_infinite_and_missing_fields_still_give_spins():
    field = torch.tensor([[[float("inf"), -float("inf"), float("nan")]]])
    spins = Noise([4], "x").spins(field)
    assert set(spins.flatten().tolist()) <= {-1.0, 1.0}


def test_no_global_generator_is_touched():
    before = torch.get_rng_state(), np.random.get_state()[1].copy()
    noise = Noise([1], "x")
    noise.words(3, 3), noise.normal(3, 3), noise.coins(3, 3), noise.permutation(3)
    assert torch.equal(before[0], torch.get_rng_state())
    assert (before[1] == np.random.get_state()[1]).all()
