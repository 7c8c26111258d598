import pytest
import torch

from ebmbench_metrics.membership import among, distinct
from support.two_layer import random_spins


def rows_of(v):
    """The rows of one replica as a list of tuples."""
    return [tuple(row) for row in v.tolist()]


@pytest.mark.parametrize("V", [3, 7, 61, 64, 67, 131])
def test_rows_are_found_where_a_set_finds_them(V):
    v, others = random_spins(3, 53, V), random_spins(3, 101, V, seed=1)
    v[:, ::3] = others[:, : v[:, ::3].shape[1]]  # some rows of the same replica
    v[1, 1::3] = others[0, :18]  # and some of another
    v[2, 2::3] = others[2, : v[2, 2::3].shape[0]]
    v[2, 2::3, -1] *= -1  # the same but for the last spin
    found = among(v, others)
    for r in range(3):
        known = set(rows_of(others[r]))
        assert found[r].tolist() == [row in known for row in rows_of(v[r])]
    assert found.any()
    assert V < 10 or not found.all()


@pytest.mark.parametrize("V", [3, 67])
def test_rows_are_found_in_a_set_that_all_replicas_share(V):
    others = random_spins(1, 11, V).expand(2, -1, -1)
    v = torch.cat([random_spins(2, 5, V, seed=1), others[:, :2]], dim=1)
    assert torch.equal(among(v, others), among(v, others.clone()))
    assert among(v, others)[:, -2:].all()


@pytest.mark.parametrize("V", [3, 67])
def test_different_rows_are_counted_as_a_set_counts_them(V):
    v = random_spins(3, 29, V)
    v[1, :7] = v[1, 7]
    v[2] = v[1]  # the same images in another replica count there too
    expected = [len(set(rows_of(v[r]))) for r in range(3)]
    assert distinct(v).tolist() == expected
    assert V == 3 or expected == [29, 22, 22]
