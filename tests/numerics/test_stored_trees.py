"""Trees as JSON and tensors, and back."""

import json
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pytest
import torch

from ebmbench.numerics.stored_trees import NotStorableError, restored, stored, types_in


class Pair(NamedTuple):
    left: Any
    right: Any


@dataclass(frozen=True)
class Kept:
    numbers: Any
    count: int = 0


TREE = {
    "pair": Pair(torch.arange(6.0).view(2, 3).T, None),
    3: [Kept((torch.tensor(True), "x")), np.arange(4, dtype=np.int16), 0.1, float("inf"), -7],
    "empty": torch.empty(2, 0, dtype=torch.float64),
}


def same(mine, theirs):
    assert type(mine) is type(theirs)
    if isinstance(mine, torch.Tensor):
        assert mine.dtype == theirs.dtype
        assert torch.equal(mine, theirs)
    elif isinstance(mine, np.ndarray):
        assert mine.dtype == theirs.dtype
        assert (mine == theirs).all()
    elif isinstance(mine, dict):
        assert mine.keys() == theirs.keys()
        for key in mine:
            same(mine[key], theirs[key])
    elif isinstance(mine, list | tuple):
        assert len(mine) == len(theirs)
        for one, other in zip(mine, theirs, strict=True):
            same(one, other)
    elif isinstance(mine, Kept):
        same(vars(mine), vars(theirs))
    else:
        assert mine == theirs


def test_a_tree_goes_through_json_and_comes_back():
    form, tensors = stored(TREE)
    assert set(types_in(TREE)) == {Pair, Kept}
    same(restored(json.loads(json.dumps(form)), tensors, [Pair, Kept]), TREE)


def test_what_is_stored_is_not_what_goes_on_changing():
    v = torch.zeros(2)
    form, tensors = stored([v])
    v += 1
    assert restored(form, tensors)[0].tolist() == [0, 0]


@pytest.mark.parametrize(
    "odd", [object(), {1, 2}, torch.zeros(2).to_sparse(), torch.zeros(1, dtype=torch.complex64)]
)
def test_what_no_file_holds_is_refused(odd):
    with pytest.raises(NotStorableError, match="cannot be stored"):
        stored({"x": [odd]})


@pytest.mark.parametrize(
    "form",
    [
        None,
        [],
        ["named", "os.system", []],
        ["named", f"{Pair.__module__}.Pair", [["left", ["plain", 1]]]],
        ["tensor", "9"],
        ["float", "one"],
        ["dict", [[["list", []], ["plain", 1]]]],
        ["plain", []],
    ],
)
def test_a_form_that_says_something_else_is_refused(form):
    with pytest.raises(NotStorableError, match="not a stored tree"):
        restored(form, {}, [Pair])


def test_a_form_without_end_is_refused():
    form = ["list", []]
    for _ in range(100_000):
        form = ["list", [form]]
    with pytest.raises(NotStorableError):
        restored(form, {})
