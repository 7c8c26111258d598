"""Shares of a run's cells."""

import pytest

from ebmbench.errors import ConfigError
from ebmbench.running.shards import Shard
from support.suites import SMALL, plan


@pytest.mark.parametrize("shards", [1, 2, 4, 5, 17])
def test_shards_are_a_partition_and_even(shards, tmp_path):
    cells = plan(tmp_path, SMALL.replace("seeds: 3", "seeds: 10")).cells
    shares = [list(Shard(number, shards).share(cells)) for number in range(1, shards + 1)]
    ids = [cell.id for share in shares for cell in share]
    assert sorted(ids) == sorted(cell.id for cell in cells)
    sizes = [len(share) for share in shares]
    assert max(sizes) - min(sizes) <= 2


@pytest.mark.parametrize("text", ["", "3", "0/4", "5/4", "-1/4", "1/4/2", "a/b", "1/0"])
def test_what_is_no_share_is_told(text):
    with pytest.raises(ConfigError, match="not a share of the cells"):
        Shard.of(text)
