"""MNIST and its like, on small files of the same format."""

import gzip
from hashlib import sha256

import pooch
import pytest
import torch

from ebmbench import DataError, Noise
from ebmbench_data import MNIST, FashionMNIST
from support.command_line import ebmbench
from support.idx_files import digests, images, serving, small_set, write_set
from support.suites import SMALL, write


@pytest.fixture
def folder(tmp_path):
    return write_set(tmp_path / "digits")


def load(folder, R=2, dataset=MNIST, **options):
    return dataset(dataset.Options(folder=str(folder), **options)).load(Noise(range(R), "data"))


def test_a_pixel_is_up_above_0_3_of_full_scale(folder):
    splits = load(folder)
    expected = torch.where(torch.from_numpy(images(11, (5, 3), 1)) >= 77, 1.0, -1.0)
    assert torch.equal(splits.train[1].reshape(11, 5, 3), expected)
    assert splits.test.shape == (2, 7, 15)
    assert splits.image == (5, 3)


def test_all_replicas_share_their_rows_and_labels(folder):
    splits = load(folder, R=3)
    for part in (splits.train, splits.test, splits.train_labels, splits.test_labels):
        assert len(part) == 3
        assert part.stride(0) == 0


def test_a_reconstruction_is_given_the_upper_half_unless_told_otherwise(folder):
    assert load(folder).keep.reshape(5, 3).sum(1).tolist() == [3, 3, 0, 0, 0]
    assert load(folder, keep="left-half").keep.reshape(5, 3).sum(0).tolist() == [5, 0, 0]


def test_labels_are_chosen_before_images_are_counted(folder):
    splits = load(folder, labels=(0, 2), train=5, test=3)
    assert splits.train_labels[1].tolist() == [0, 2, 0, 2, 0]
    everything = load(folder)
    assert torch.equal(splits.train[0], everything.train[0, [0, 2, 3, 5, 6]])
    assert torch.equal(splits.test[0], everything.test[0, [0, 2, 3]])


def test_images_to_test_on_are_as_large_as_those_to_train_on(tmp_path):
    arrays = {**small_set(), ("test", "images"): images(7, (3, 5))}
    with pytest.raises(
        DataError, match=r"t10k-images.*3x5 pixels, where those to train on have 5x"
    ):
        load(write_set(tmp_path, arrays))


@pytest.mark.parametrize("dataset", [MNIST, FashionMNIST])
def test_the_published_files_are_pinned_by_four_different_digests(dataset):
    pinned = dataset.mirror.digests
    assert {len(bytes.fromhex(digest)) for digest in pinned.values()} == {sha256().digest_size}
    assert len(set(pinned.values())) == 4


def test_a_set_is_fetched_once_from_a_mirror(tmp_path, folder, monkeypatch):
    monkeypatch.delenv("EBMBENCH_DATA", raising=False)
    monkeypatch.setattr(pooch, "os_cache", lambda name: tmp_path / "cache" / name)
    monkeypatch.setattr(MNIST, "mirror", MNIST.mirror._replace(digests=digests(folder)))
    with serving(folder) as (url, asked):
        fetched = MNIST(MNIST.Options(url=url)).load(Noise([0], "data"))
        assert len(asked) == 4
    again = MNIST(MNIST.Options(url=url)).load(Noise([0], "data"))  # nobody serves any more
    for splits in (fetched, again):
        assert torch.equal(splits.train, load(folder, R=1).train)


def suite(folder):
    return SMALL.replace("bars3: {name: bars, size: 3}", f"digits: {{name: mnist, {folder}}}")


def test_a_suite_of_digits_is_planned_and_run(tmp_path, folder):
    text = suite(f"folder: '{folder}'").replace("nll, at: {every: 2}", "nll")
    file = write(tmp_path, text)
    ended = ebmbench("run", file, "--quick", "--jobs", "0", "--runs", tmp_path / "runs")
    assert ended.code == 0, ended.err


def test_other_digits_in_the_files_are_other_cells(tmp_path, folder):
    from support.suites import plan

    before = plan(tmp_path, suite(f"folder: '{folder}'")).digest()
    assert plan(tmp_path, suite(f"folder: '{folder}'")).digest() == before
    write_set(folder, {("test", "images"): images(7, seed=5)})
    assert plan(tmp_path, suite(f"folder: '{folder}'")).digest() != before


BROKEN = {
    "a wrong folder": ("folder: /no/such/folder", "/no/such/folder: no such folder. Check the"),
    "a wrong mirror": ("url: ftp://somewhere", "datasets.digits.url: 'ftp://somewhere'"),
    "a wrong option": (
        "foldr: here",
        "datasets.digits.foldr: no such option. Did you mean 'folder",
    ),
    "more than there is": ("folder: FOLDER, train: 13", "'train: 13' asks for more than the 11 im"),
    "no such label": ("folder: FOLDER, labels: [7]", "a label of [7]. There are: 0, 1, 2."),
    "a threshold per epoch": (
        "folder: FOLDER, binarize: {every: epoch}",
        "datasets.digits.binarize: a threshold gives the same each epoch; use rule: bernoulli",
    ),
}


@pytest.mark.parametrize(("options", "says"), BROKEN.values(), ids=BROKEN)
def test_a_broken_suite_ends_with_place_problem_remedy_and_code_2(tmp_path, folder, options, says):
    file = write(tmp_path, suite(options.replace("FOLDER", f"'{folder}'")))
    ended = ebmbench("run", file, "--dry-run")
    assert ended.code == 2
    assert says in ended.err
    assert ended.err.startswith(f"{file}:7:")
    assert "Traceback" not in ended.err
    assert 'File "' not in ended.err


def test_a_broken_file_is_told_the_same_way(tmp_path, folder):
    broken = folder / "train-images-idx3-ubyte.gz"
    broken.write_bytes(gzip.compress(b"no images"))
    file = write(tmp_path, suite(f"folder: '{folder}'"))
    ended = ebmbench("validate", file)
    assert ended.code == 2
    assert f"datasets.digits: {broken}: not an IDX file of images" in ended.err
