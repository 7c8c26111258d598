import json

import pytest
import torch
from pydantic import ValidationError

from ebmbench import Noise
from ebmbench.training.batches import Batching, batches


def rows(R=2, N=10, V=3):
    return torch.arange(R * N * V, dtype=torch.float32).reshape(R, N, V)


def epoch(last, size=3):
    return list(batches(rows(), Batching(size=size, last=last), Noise([1, 2], "order")))


def test_an_epoch_has_every_row_once():
    seen = torch.cat([batch.v for batch in epoch("mean")], dim=1)
    assert torch.equal(seen.sort(dim=1).values, rows())


def test_the_order_differs_from_replica_to_replica_and_epoch_to_epoch():
    train = rows(1).expand(2, -1, -1)
    noise = Noise([1, 2], "order")
    first, second = (next(batches(train, Batching(size=10), noise)).v for _ in range(2))
    assert not torch.equal(first[0], first[1])
    assert not torch.equal(first, second)


def test_fixed_divides_the_smaller_last_batch_by_the_full_size():
    last = epoch("fixed")[-1]
    ones = torch.ones(2, 1, 1)
    assert torch.allclose(last.weighted(ones), ones / 3)
    assert epoch("fixed")[0].log_weight is None


def test_mean_divides_it_by_its_own():
    last = epoch("mean")[-1]
    assert torch.equal(last.weighted(torch.ones(2, 1, 1)), torch.ones(2, 1, 1))


def test_drop_leaves_it_out():
    assert [batch.v.shape[1] for batch in epoch("drop")] == [3, 3, 3]
    assert Batching(size=3, last="drop").count(10) == 3
    assert Batching(size=3).count(10) == 4


def test_a_batch_larger_than_the_data_is_the_data():
    assert [batch.v.shape[1] for batch in epoch("mean", size=100)] == [10]


@pytest.mark.parametrize(
    ("share", "rows", "size", "count"),
    [
        ("1/7.5", 60_000, 8000, 8),
        ("1/7.125", 57_000, 8000, 8),
        ("1/7.5", 8000, 1067, 8),
        ("1/7.125", 8000, 1123, 8),
        ("1/8", 8000, 1000, 8),
        ("1/1", 10, 10, 1),
        ("1/50", 10, 1, 10),
    ],
)
def test_a_share_of_an_epoch_makes_as_many_updates_of_any_number_of_rows(share, rows, size, count):
    batching = Batching(size=share)
    assert (batching.rows(rows), batching.count(rows)) == (size, count)


@pytest.mark.parametrize("wrong", ["1/0.5", "1/0", "2/3", "1/", "0.5", "1/x", 0, 0.5, True])
def test_what_is_no_share_is_refused(wrong):
    with pytest.raises(ValidationError):
        Batching.model_validate_json(json.dumps({"size": wrong}), strict=True)
