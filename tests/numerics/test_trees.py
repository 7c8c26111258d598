"""The tensors of a tree, whatever it is made of."""

from dataclasses import dataclass

import numpy as np
import torch

from ebmbench import Chains
from ebmbench.numerics.trees import leaves


@dataclass
class Running:
    chains: Chains
    updates: int


def test_leaves_come_in_order_and_what_is_none_has_none():
    v, w, x = (torch.full((n,), float(n)) for n in (2, 3, 5))
    tree = {"a": [v, None], "b": (Running(Chains(w), 7), x.numpy()), "c": "word"}
    found = [each.tolist() for each in leaves(tree)]
    assert found == [v.tolist(), w.tolist(), 7, x.tolist()]
    assert list(leaves(None)) == []


def test_an_array_shares_its_memory_with_its_leaf():
    array = np.zeros(3)
    (found,) = leaves([array])
    found[1] = 1
    assert array.tolist() == [0, 1, 0]
