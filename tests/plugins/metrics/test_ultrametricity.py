import itertools

import pytest
import torch

from ebmbench import Noise
from ebmbench_metrics.overlaps import differences
from ebmbench_metrics.ultrametricity import different_points, triangle_index, triangles
from support.two_layer import random_spins

NOISE = (range(2), "triples")


def leaves(depth, spins):
    """The 2^depth leaves of a binary tree: each node has spins that are -1 below it."""
    codes = ["".join(bits) for bits in itertools.product("01", repeat=depth)]
    nodes = sorted({code[:level] for code in codes for level in range(1, depth + 1)})
    marked = torch.tensor([[code.startswith(node) for node in nodes] for code in codes])
    return 1 - 2.0 * marked.repeat_interleave(spins, dim=1)


def test_the_index_of_known_triangles():
    sides = torch.tensor([[[5, 3, 4], [2, 2, 1]], [[1, 2, 3], [7, 7, 7]]])
    assert triangle_index(sides).tolist() == pytest.approx([(1 / 3) / 2, 1 / 2])


def test_points_that_coincide_say_nothing():
    sides = torch.tensor([[[0, 3, 3], [4, 2, 3]], [[0, 2, 2], [0, 0, 0]]])
    found = triangle_index(sides)
    assert found[0].item() == 0.5
    assert found[1].isnan()


def test_the_leaves_of_a_tree_are_ultrametric_and_independent_spins_are_not():
    tree = leaves(4, spins=2).expand(2, -1, -1)
    coins = random_spins(2, *tree.shape[1:])
    of_tree, of_coins = (
        triangle_index(triangles(differences(v), 1009, Noise(*NOISE))) for v in (tree, coins)
    )
    assert of_tree.tolist() == [0, 0]
    assert (of_coins > 0.1).all()


def test_the_sides_are_the_distances_between_three_points():
    v = random_spins(2, 5, 11)
    sides = triangles(differences(v), 101, Noise(*NOISE))
    points = different_points(5, 101, Noise(*NOISE))
    for r, t in itertools.product(range(2), (0, 50, 100)):
        a, b, c = points[r, t].tolist()
        pairs = ((a, b), (b, c), (c, a))
        assert sides[r, t].tolist() == [int((v[r, i] != v[r, j]).sum()) for i, j in pairs]


def test_every_triple_of_different_points_is_as_likely():
    a, b, c = different_points(5, 60_000, Noise(*NOISE)).unbind(-1)
    counts = torch.bincount((25 * a + 5 * b + c).flatten(), minlength=125)
    triples = [25 * i + 5 * j + k for i, j, k in itertools.permutations(range(5), 3)]
    assert counts.sum() == counts[triples].sum() == 120_000
    assert (counts[triples] - 2000).abs().max() < 5 * 2000**0.5
