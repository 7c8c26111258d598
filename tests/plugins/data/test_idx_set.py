"""Where the four files of a set are looked for, and whether they belong together."""

import pytest

from ebmbench import DataError
from ebmbench_data.fetch import Mirror
from ebmbench_data.idx_set import files_in, grey_images, locate
from support.idx_files import labels, small_set, write_set

NOWHERE = Mirror("mine", "http://127.0.0.1:9", {})


@pytest.fixture(autouse=True)
def _no_fetching(monkeypatch):
    def refuse(mirror, name):
        raise AssertionError(f"{name} should not be fetched")

    monkeypatch.setattr("ebmbench_data.idx_set.fetch", refuse)
    monkeypatch.delenv("EBMBENCH_DATA", raising=False)


def folders(files):
    return {file.parent for file in files}


@pytest.mark.parametrize("packed", [True, False], ids=["gzip", "plain"])
def test_a_folder_that_is_named_comes_first(tmp_path, monkeypatch, packed):
    monkeypatch.setenv("EBMBENCH_DATA", str(write_set(tmp_path / "other")))
    named = write_set(tmp_path / "named", packed=packed)
    assert folders(locate(NOWHERE, str(named))) == {named}


def test_in_the_users_data_the_folder_of_the_sets_name_comes_first(tmp_path, monkeypatch):
    data = write_set(tmp_path / "data")
    monkeypatch.setenv("EBMBENCH_DATA", str(data))
    assert folders(locate(NOWHERE, None)) == {data}
    own = write_set(data / "mine")
    assert folders(locate(NOWHERE, None)) == {own}


def test_all_else_is_fetched(tmp_path, monkeypatch):
    monkeypatch.setattr("ebmbench_data.idx_set.fetch", lambda mirror, name: tmp_path / name)
    monkeypatch.setenv("EBMBENCH_DATA", str(tmp_path / "empty"))
    assert [file.name for file in locate(NOWHERE, None)] == [
        "train-images-idx3-ubyte.gz",
        "train-labels-idx1-ubyte.gz",
        "t10k-images-idx3-ubyte.gz",
        "t10k-labels-idx1-ubyte.gz",
    ]


def test_a_gap_in_the_users_data_is_told_and_not_filled(tmp_path, monkeypatch):
    data = write_set(tmp_path / "data")
    (data / "t10k-labels-idx1-ubyte.gz").unlink()
    monkeypatch.setenv("EBMBENCH_DATA", str(data))
    with pytest.raises(DataError, match=rf"{data}: there is no t10k-labels-idx1-ubyte.gz in it"):
        locate(NOWHERE, None)


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(DataError, match=r"none: no such folder. Check the path."):
        locate(NOWHERE, str(tmp_path / "none"))


def test_images_and_labels_are_shared_by_all_replicas(tmp_path):
    files = files_in(write_set(tmp_path))
    grey, shape = grey_images(files.train_images, files.train_labels)
    assert grey.levels.shape == (1, 11, 15)
    assert shape == (5, 3)
    assert (
        grey.levels[0].reshape(11, 5, 3).numpy().tolist() == small_set()["train", "images"].tolist()
    )
    assert grey.labels.tolist() == [labels(11).tolist()]


def test_labels_must_be_as_many_as_images(tmp_path):
    arrays = small_set()
    arrays["train", "labels"] = labels(10)
    files = files_in(write_set(tmp_path, arrays))
    with pytest.raises(DataError, match=r"train-labels.*10 labels for the 11 images of train-im"):
        grey_images(files.train_images, files.train_labels)


def test_a_variable_that_was_passed_over_is_named_where_fetching_fails(tmp_path, monkeypatch):
    def fail(mirror, name):
        raise DataError(mirror.url, "cannot be fetched", "Try again.")

    monkeypatch.setattr("ebmbench_data.idx_set.fetch", fail)
    with pytest.raises(DataError, match=r"Try again. \$EBMBENCH_DATA may name the folder"):
        locate(NOWHERE, None)
    monkeypatch.setenv("EBMBENCH_DATA", str(tmp_path))
    says = rf"\$EBMBENCH_DATA was passed over: none .* is in {tmp_path}/mine or {tmp_path}\.$"
    with pytest.raises(DataError, match=says):
        locate(NOWHERE, None)


def test_a_relative_folder_says_what_it_was_read_from(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DataError, match=rf"none: no such folder.* ebmbench is started, {tmp_path}"):
        locate(NOWHERE, "none")
