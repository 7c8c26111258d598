"""Checkpoints on disk: whatever a file holds, it is one, or told as none."""

import json
from contextlib import suppress

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ebmbench.journal.checkpoints import Checkpoints, read
from ebmbench.journal.stored import UnreadableError
from ebmbench.numerics.stored_trees import NotStorableError, restored, stored

CELLS = ("a--b--s0--0123456789ab", "a--b--s1--0123456789ab")
TREE = {"state": (torch.arange(3.0), [1, None, "x"]), "curves": {"y": [0.5, float("nan")]}}
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=12,
)
KINDS = st.sampled_from(["plain", "float", "tensor", "array", "list", "tuple", "dict", "named"])
EACH = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    checkpoints = Checkpoints(tmp_path_factory.mktemp("run"))
    checkpoints.write(CELLS, (3, 7), stored(TREE))
    (file,) = checkpoints.files()
    return file


def test_a_checkpoint_is_read_as_it_was_written(file):
    found = read(file)
    assert (found.cells, found.epoch, found.epochs) == (CELLS, 3, 7)
    tensors = Checkpoints(file.parents[1]).tensors(found)
    tree = restored(found.tree, tensors)
    assert tree["state"][0].tolist() == [0, 1, 2]
    assert tree["state"][1] == [1, None, "x"]
    assert str(tree["curves"]["y"]) == "[0.5, nan]"


def test_it_is_written_in_place_of_the_last_and_dropped(tmp_path):
    checkpoints = Checkpoints(tmp_path)
    for epoch in (1, 2):
        checkpoints.write(CELLS, (epoch, 7), stored(TREE))
    assert [found.epoch for found in checkpoints] == [2]
    checkpoints.drop(CELLS)
    checkpoints.drop(CELLS)
    assert list(checkpoints) == []


@given(data=st.data())
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_spoilt_file_is_told(file, tmp_path, data):
    content = bytearray(file.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    spoilt = tmp_path / "x.safetensors"
    spoilt.write_bytes(bytes(content[: data.draw(st.integers(0, len(content)))]))
    with suppress(UnreadableError, NotStorableError):  # and nothing else
        found = read(spoilt)
        restored(found.tree, Checkpoints(tmp_path).tensors(found))


@given(form=st.lists(KINDS | PLAIN, max_size=3) | PLAIN)
@settings(max_examples=300, **EACH)
def test_any_json_is_a_tree_or_told(form):
    form = json.loads(json.dumps(form))
    with suppress(NotStorableError):  # and nothing else
        restored(form, {"0": torch.zeros(1)})
