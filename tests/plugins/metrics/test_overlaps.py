import numpy as np
import pytest
import torch

from ebmbench import Noise
from ebmbench_gibbs import TorchKernel
from ebmbench_metrics import Overlaps
from ebmbench_metrics.overlaps import between_pairs, differences, distribution, shuffled
from support import exact
from support.two_layer import TwoLayerModel, oracle, random_model, random_spins, view_of

KERNEL = TorchKernel(TorchKernel.Options())


def measured(model, **options):
    return Overlaps(Overlaps.Options(**options)).measure(view_of(model, kernel=KERNEL))


def test_a_cold_ferromagnet_overlaps_by_plus_or_minus_one():
    found = measured(TwoLayerModel(torch.full((2, 5, 3), 4.0)), steps=7)
    assert found["abs"].tolist() == pytest.approx([1, 1])
    assert found["square"].tolist() == pytest.approx([1, 1])
    P = found["distribution"]
    assert P.x.tolist() == pytest.approx([-1, -0.6, -0.2, 0.2, 0.6, 1])
    weight = P.y * 2 / 5
    assert weight[:, 1:5].abs().max() == 0
    assert (weight[:, [0, 5]] > 0.4).all()  # both signs, about as often


def test_the_distribution_is_that_of_two_exact_draws():
    model = random_model(5, 3, scale=0.4)
    found = measured(model, chains=1009, steps=10)
    p, v = oracle(exact.p_v, model), exact.states(5)
    q = v @ v.T / 5
    for r in range(2):
        pairs = np.outer(p[r], p[r])
        assert found["abs"][r].item() == pytest.approx((pairs * abs(q)).sum(), abs=0.03)
        assert found["square"][r].item() == pytest.approx((pairs * q**2).sum(), abs=0.03)
        expected = [pairs[np.isclose(q, x)].sum() * 5 / 2 for x in np.linspace(-1, 1, 6)]
        assert found["distribution"].y[r].tolist() == pytest.approx(expected, abs=0.08)


def test_independent_spins_are_as_ultrametric_as_their_shuffle():
    found = measured(TwoLayerModel(torch.zeros(2, 37, 3)), steps=1)
    one, other = found["ultrametricity"], found["ultrametricity_independent"]
    assert torch.allclose(one, other, atol=0.02)
    assert found["square"].tolist() == pytest.approx([1 / 37] * 2, rel=0.15)


def test_an_image_and_its_negative_are_one_where_asked():
    """Eight sign patterns of three directions, as a cold model has them."""
    v = torch.linalg.qr(torch.randn(61, 3, generator=torch.Generator().manual_seed(0)))[0]
    model = TwoLayerModel(40 * v.expand(2, -1, -1))
    apart, together = (measured(model, flip=flip, steps=20) for flip in (False, True))
    assert (together["ultrametricity"] != apart["ultrametricity"]).all()
    assert torch.equal(together["abs"], apart["abs"])
    of_coins = measured(TwoLayerModel(torch.zeros(2, 61, 3)), steps=1)["ultrametricity"]
    assert torch.allclose(apart["ultrametricity_independent"], of_coins, atol=0.03)
    assert ((apart["ultrametricity"] - of_coins).abs() > 0.1).all()


def test_neighbouring_values_share_a_bin_where_there_are_many():
    differing = torch.tensor([[0, 0, 3, 11], [5, 6, 7, 8]])
    curve = distribution(differing, V=11, bins=3)  # four values to a bin
    q = [[1 - 2 * d / 11 for d in values] for values in ((8, 9, 10, 11), (4, 5, 6, 7), range(4))]
    assert curve.x.tolist() == pytest.approx([sum(values) / 4 for values in q])
    width = 4 * 2 / 11
    expected = torch.tensor([[1, 0, 3], [1, 3, 0]]) / 4 / width
    assert torch.allclose(curve.y, expected.double())


def test_a_shuffle_keeps_magnetisations_and_nothing_else():
    v = random_spins(1, 1, 1009, seed=3) * torch.ones(2, 101, 1)  # all rows alike
    v[:, :50] *= -1
    found = shuffled(v, Noise(range(2), "shuffle"))
    assert torch.equal(found.mean(1), v.mean(1))
    assert (1 - 2 * between_pairs(differences(found)) / 1009).abs().max() < 0.2
    assert (1 - 2 * between_pairs(differences(v)) / 1009).abs().min() == 1
