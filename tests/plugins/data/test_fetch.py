"""Fetching from a server on this machine: once, checked, and all or nothing."""

import pooch
import pytest

from ebmbench import DataError
from ebmbench_data.fetch import Mirror, fetch
from support.idx_files import digests, serving, write_set

NAME = "t10k-images-idx3-ubyte.gz"


@pytest.fixture
def published(tmp_path):
    return write_set(tmp_path / "published")


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setattr(pooch, "os_cache", lambda name: tmp_path / "cache" / name)
    return tmp_path / "cache" / "ebmbench" / "mine"


def mirror(url, published):
    return Mirror("mine", url, digests(published))


def test_a_file_is_fetched_whole(published, cache):
    with serving(published) as (url, asked):
        file = fetch(mirror(url, published), NAME)
    assert file == cache / NAME
    assert file.read_bytes() == (published / NAME).read_bytes()
    assert asked == [f"/{NAME}"]


def test_progress_is_shown(published, cache, capfd):
    with serving(published) as (url, _):
        fetch(mirror(url, published), NAME)
    assert "100%" in capfd.readouterr().err


def test_the_second_time_no_server_is_needed(published, cache):
    with serving(published) as (url, _):
        first = fetch(mirror(url, published), NAME)
    assert fetch(mirror(url, published), NAME) == first


def test_a_file_that_went_bad_in_the_cache_is_fetched_anew(published, cache):
    cache.mkdir(parents=True)
    (cache / NAME).write_bytes(b"half of i")
    with serving(published) as (url, _):
        file = fetch(mirror(url, published), NAME)
    assert file.read_bytes() == (published / NAME).read_bytes()


def test_another_file_than_published_is_refused_and_not_kept(published, cache):
    with serving(published) as (url, _):
        expected = mirror(url, published)
        (published / NAME).write_bytes(b"something else")
        refused(expected, rf"{url}/{NAME}: not the published file: its SHA-256 differs. Try again")
    assert list(cache.iterdir()) == []


def test_of_a_download_cut_short_nothing_stays(published, cache):
    with serving(published, short=True) as (url, _):
        refused(mirror(url, published), rf"{url}/{NAME}: cannot be fetched")
    assert list(cache.iterdir()) == []


def test_a_file_that_the_server_does_not_have(published, cache):
    with serving(published) as (url, _):
        expected = mirror(url, published)
        (published / NAME).unlink()
        refused(expected, "cannot be fetched: 404 .*EBMBENCH_DATA")
    assert list(cache.iterdir()) == []


def test_a_server_that_is_not_there(published, cache):
    with serving(published) as (url, _):
        pass
    refused(mirror(url, published), "cannot be fetched: .*name their folder")


def test_a_cache_that_cannot_be_written_to(published, cache):
    cache.parent.mkdir(parents=True)
    cache.write_text("a file where a folder should be")
    with serving(published) as (url, _):
        refused(mirror(url, published), f"{cache}: cannot be written to")


def refused(mirror, message):
    with pytest.raises(DataError, match=message):
        fetch(mirror, NAME)
