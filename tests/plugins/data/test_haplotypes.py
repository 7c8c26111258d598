"""Haplotypes: rows that are copied from founders, by a law that can be summed."""

from itertools import pairwise, product

import numpy as np
import pytest
import torch
from pydantic import ValidationError
from scipy.stats import chisquare

from ebmbench import Noise
from ebmbench_data.copying import Copying
from ebmbench_data.haplotypes import Haplotypes
from ebmbench_data.populations import first_generation, founders_of

DRAWS = 100_000


def haplotypes(**options):
    return Haplotypes(Haplotypes.Options(**options))


def few(switch=0.3, mutation=0.1):
    """Two populations of three founders of five sites."""
    return Copying(Noise([0], "founders").coins(6, 5).view(2, 3, 5), switch, mutation)


def states(units):
    return torch.tensor(list(product([-1.0, 1.0], repeat=units)))


@pytest.mark.parametrize(("switch", "mutation"), [(0.3, 0.1), (0.0, 0.2), (1.0, 0.01)])
def test_the_law_sums_to_one(switch, mutation):
    total = few(switch, mutation).log_p(states(5)).exp().sum()
    assert total.item() == pytest.approx(1, abs=1e-12)


def test_the_law_is_that_of_all_ways_to_copy():
    """Of two founders and three sites, by hand: each site's founder is drawn anew or stays."""
    founders, s, m = torch.tensor([[[1.0, 1, -1], [-1, 1, 1]]]), 0.3, 0.1
    v = torch.tensor([[1.0, 1, 1]])
    p = 0.0
    for path in product((0, 1), repeat=3):
        steps = [1 - s / 2 if a == b else s / 2 for a, b in pairwise(path)]
        copied = [1 - m if founders[0, k, i] == v[0, i] else m for i, k in enumerate(path)]
        p += 0.5 * np.prod(steps) * np.prod(copied)
    assert Copying(founders, s, m).log_p(v).exp().item() == pytest.approx(p, abs=1e-12)


def test_rows_follow_the_law():
    up = torch.ones(5)
    founders = torch.stack([torch.stack([up, -up]), Noise([0], "others").coins(2, 5)[0]])
    copying = Copying(founders, 0.3, 0.1)
    v, _ = copying.draw(DRAWS, Noise([3], "rows"))
    place = 2 ** torch.arange(4, -1, -1)
    seen = np.bincount(((v[0] > 0) * place).sum(-1), minlength=32)
    expected = DRAWS * copying.log_p(states(5)).exp().numpy()
    assert chisquare(seen, expected).pvalue > 1e-5


def test_without_mutation_and_switching_rows_are_founders_of_their_population():
    dataset = haplotypes(mutation=0.0, switch=0.0, rows=200, sites=37)
    splits, founders = dataset.load(Noise([0], "data")), dataset.copying().founders
    for population in range(3):
        known = {tuple(row) for row in founders[population].tolist()}
        chosen = splits.train[0, splits.train_labels[0] == population]
        assert len(chosen) > 30
        assert {tuple(row) for row in chosen.tolist()} <= known


def test_what_cannot_be_copied_has_no_probability():
    copying = Copying(torch.ones(1, 2, 3), 0.5, 0.0)
    assert copying.log_p(torch.tensor([[1.0, 1, 1], [1, -1, 1]])).tolist() == [0, -torch.inf]


def test_founders_are_the_same_for_all_seeds_and_rows_are_not():
    splits = haplotypes(rows=13, test=7).load(Noise([0, 1], "data"))
    assert splits.train.shape == (2, 13, 100)
    assert splits.test.shape == (2, 7, 100)
    assert not torch.equal(splits.train[0], splits.train[1])
    founders = haplotypes().copying().founders
    assert torch.equal(founders, haplotypes(rows=3).copying().founders)
    assert not torch.equal(founders, haplotypes(ancestry=1).copying().founders)


def apart(one, other):
    """Mean square difference of allele frequencies."""
    return float((one.mean(0) - other.mean(0)).square().mean())


def test_populations_that_split_later_are_more_alike():
    siblings = cousins = 0.0
    for ancestry in range(20):
        options = {"switch": 0.05, "mutation": 0.01}
        a, b, c, d = founders_of(4, 10, 211, 5, Noise([ancestry], "tree"), **options)
        siblings += (apart(a, b) + apart(c, d)) / 2
        cousins += (apart(a, c) + apart(a, d) + apart(b, c) + apart(b, d)) / 4
    assert 0 < 1.3 * siblings < cousins


def test_first_alleles_are_as_frequent_as_neutral_ones():
    founders = 6
    ups = (first_generation(founders, DRAWS, Noise([0], "alleles")) > 0).sum(0)
    share = torch.bincount(ups, minlength=founders + 1).double() / DRAWS
    wanted = 1 / torch.arange(1, founders).double()
    wanted = wanted / wanted.sum()
    assert share[[0, founders]].tolist() == [0, 0]
    error = (wanted * (1 - wanted) / DRAWS).sqrt()
    assert ((share[1:-1] - wanted).abs() < 4 * error).all()


def test_neighbouring_sites_go_together_and_far_ones_do_not():
    """Within a population: copies go on from the same founder for about 1 / switch sites."""
    options = {"populations": 1, "switch": 0.2, "sites": 400, "rows": 2000, "mutation": 0.0}
    v = haplotypes(**options).load(Noise([0], "data")).train[0].double()
    v = (v - v.mean(0)) / v.std(0).clamp(min=1e-9)
    near, far = ((v[:, :-d] * v[:, d:]).mean(0).abs().mean() for d in (1, 100))
    assert near > 3 * far


def test_populations_that_never_lived_apart_are_refused():
    with pytest.raises(ValidationError, match="without generations all populations are one"):
        haplotypes(generations=0)
