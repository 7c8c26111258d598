"""Reading IDX files, whole and broken."""

import gzip
import struct

import numpy as np
import pytest

from ebmbench import DataError
from ebmbench_data.idx import read_images, read_labels
from support.idx_files import idx, images, labels


@pytest.fixture
def file(tmp_path):
    return tmp_path / "some-idx"


@pytest.mark.parametrize("pack", [gzip.compress, bytes], ids=["gzip", "plain"])
def test_what_was_written_is_read(file, pack):
    written = images(7, (5, 3))
    file.write_bytes(pack(idx(written)))
    assert np.array_equal(read_images(file).numpy(), written)
    file.write_bytes(pack(idx(labels(11))))
    assert read_labels(file).tolist() == labels(11).tolist()


def test_a_file_is_read_once_until_it_changes(file):
    file.write_bytes(idx(images(2)))
    first = read_images(file)
    assert read_images(file) is first
    file.write_bytes(idx(images(3)))
    assert len(read_images(file)) == 3


BROKEN = {
    "half a gzip": (gzip.compress(idx(images(7)))[:60], "its gzip is broken"),
    "a gzip with a wrong byte": (
        gzip.compress(idx(images(7)))[:-6] + b"xxxxxx",
        "its gzip is broken",
    ),
    "a gzip of nonsense": (b"\x1f\x8b nonsense", "its gzip is broken"),
    "labels": (idx(labels(7)), r"not an IDX file of images .*0x00000801"),
    "a wrong magic number": (idx(images(7), magic=0x0D03), "0x00000d03"),
    "a page of the web": (b"<html>not found</html>", "not an IDX file of images"),
    "nothing": (b"", "not an IDX file of images"),
    "a header only": (struct.pack(">2I", 0x0803, 7), "8 bytes, where its header promises 16"),
    "too few pixels": (idx(images(7))[:-1], "120 bytes, where its header promises 121"),
    "too many pixels": (idx(images(7)) + b"0", "122 bytes, where its header promises 121"),
}


@pytest.mark.parametrize(("content", "problem"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_named_with_its_problem_and_a_remedy(file, content, problem):
    file.write_bytes(content)
    with pytest.raises(DataError, match=problem) as caught:
        read_images(file)
    assert str(caught.value).startswith(f"{file}: ")
    assert caught.value.remedy.endswith(".")


def test_images_are_no_labels(file):
    file.write_bytes(idx(images(7)))
    with pytest.raises(DataError, match="not an IDX file of labels"):
        read_labels(file)


def test_a_file_that_cannot_be_read(tmp_path):
    with pytest.raises(DataError, match="cannot be read"):
        read_images(tmp_path)
