"""A user's own files: what is understood, and what is said of the rest."""

import json
import re

import numpy as np
import pytest
import torch

from ebmbench import DataError, Noise
from ebmbench_data import NPZ, Text
from support.command_line import ebmbench
from support.suites import SMALL, write

N, V = 7, 5
BITS = np.random.default_rng(0).integers(0, 2, (N, V))


def load(dataset, file, seeds=(0, 1), **options):
    return dataset(dataset.Options(file=str(file), **options)).load(Noise(seeds, "data"))


def saved(folder, **arrays):
    np.savez(folder / "own.npz", **arrays)
    return folder / "own.npz"


def text(folder, content):
    file = folder / "own.txt"
    file.write_text(content)
    return file


SAME = {
    "bits": BITS,
    "bits of 8": BITS.astype(np.uint8),
    "truth": BITS.astype(bool),
    "spins": 2 * BITS - 1,
    "shares": BITS * 0.5 + 0.1,
    "bytes": BITS.astype(np.uint8) * 200 + 5,
    "numbers of 64 bits": BITS * 255.0,
}


@pytest.mark.parametrize("rows", SAME.values(), ids=SAME)
def test_spins_bits_shares_and_bytes_are_told_apart(tmp_path, rows):
    splits = load(NPZ, saved(tmp_path, train=rows, test=rows[:3]))
    expected = torch.from_numpy(2.0 * BITS - 1).float()
    assert torch.equal(splits.train[1], expected)
    assert torch.equal(splits.test[0], expected[:3])
    assert splits.train.stride(0) == 0


def test_full_scale_is_found_over_both_sides(tmp_path):
    train, test = np.array([[0, 70]]), np.array([[0, 200]])
    splits = load(NPZ, saved(tmp_path, train=train, test=test))
    assert splits.train[0].tolist() == [[-1, -1]]
    assert splits.test[0].tolist() == [[-1, 1]]


def test_white_can_be_told(tmp_path):
    splits = load(NPZ, saved(tmp_path, train=[[4, 5, 16.5]], test=[[0, 0, 0]]), white=16.5)
    assert splits.train[0].tolist() == [[-1, 1, 1]]


def test_without_a_test_array_a_share_is_held_out(tmp_path):
    file = saved(tmp_path, train=BITS, train_labels=np.arange(N))
    splits = load(NPZ, file, held_out=0.4)
    assert splits.test.shape == (2, 3, V)
    for r in range(2):
        labels = torch.cat([splits.train_labels[r], splits.test_labels[r]])
        assert sorted(labels.tolist()) == list(range(N))
        rows = torch.cat([splits.train[r], splits.test[r]])
        assert torch.equal(rows, torch.from_numpy(2.0 * BITS - 1).float()[labels])


def test_labels_stay_with_their_side(tmp_path):
    file = saved(tmp_path, train=BITS, test=BITS[:3], train_labels=np.arange(N) % 3)
    splits = load(NPZ, file)
    assert splits.train_labels[1].tolist() == [0, 1, 2, 0, 1, 2, 0]
    assert splits.test_labels is None
    np.savez(file, train=BITS, test=BITS[:3], test_labels=[0, 1, 1])
    assert load(NPZ, file).test_labels.tolist() == [[0, 1, 1]] * 2


def test_an_image_is_as_the_array_is_or_as_told_or_a_row(tmp_path):
    images = np.random.default_rng(1).integers(0, 2, (N, 2, 3))
    assert load(NPZ, saved(tmp_path, train=images)).image == (2, 3)
    assert load(NPZ, saved(tmp_path, train=images), shape=(3, 2)).image == (3, 2)
    assert load(NPZ, saved(tmp_path, train=BITS)).image == (1, V)


def test_lines_of_text_are_images(tmp_path):
    file = text(tmp_path, "# bits\n\n0 1 1\n0,1, 0 # the second\n\t1,0 0\n1e0 1. 0.0\n")
    splits = load(Text, file, held_out=0.25)
    assert splits.image == (1, 3)
    for r in range(2):
        rows = torch.cat([splits.train[r], splits.test[r]]).tolist()
        assert sorted(rows) == [[-1, 1, -1], [-1, 1, 1], [1, -1, -1], [1, 1, -1]]


def test_text_and_arrays_of_the_same_numbers_are_the_same_data(tmp_path):
    np.savetxt(tmp_path / "own.txt", BITS, fmt="%d", delimiter=",")
    one = load(Text, tmp_path / "own.txt")
    other = load(NPZ, saved(tmp_path, train=BITS))
    assert torch.equal(one.train, other.train)


WRONG_ARRAYS = {
    "no train": ({"test": BITS}, r"own.npz: there is no array 'train' in it\. numpy.savez"),
    "a misspelt name": (
        {"train": BITS, "tset": BITS},
        r"own.npz: what is 'tset'\?.* Name them: tr",
    ),
    "one axis": ({"train": BITS[0]}, r"own.npz: train: its shape is \(5,\)\. Make it \(N, V\)"),
    "no rows": ({"train": BITS[:0]}, r"train: its shape is \(0, 5\)"),
    "words": ({"train": [["a"]]}, r"train: its type is <U1\. Make it numbers"),
    "another size": (
        {"train": BITS, "test": BITS[:, :3]},
        r"test: images are \(3,\), where .*\(5,\)",
    ),
    "few labels": ({"train": BITS, "train_labels": [1]}, r"train_labels: 1 labels for 7 images"),
    "labels of nothing": (
        {"train": BITS, "test_labels": [1]},
        r"test_labels: 1 labels for 0 images",
    ),
    "a negative label": (
        {"train": BITS, "train_labels": np.arange(N) - 1},
        "train_labels: a label is no whole number from 0",
    ),
    "a number that is none": (
        {"train": [[0, 1], [0.5, np.nan]]},
        r"own.npz: train\[1\]: nan in column 1 is no number\. Give spins",
    ),
    "no spin": ({"train": [[-1, 1], [0, 1]]}, r"train\[1\]: 0 in column 0 is no spin"),
    "beyond a byte": (
        {"train": [[0, 1]], "test": [[0, 1], [0, 256]]},
        r"test\[1\]: 256 in column 1 is above full scale, 255",
    ),
    "a share beyond 1": ({"train": [[0.5, 1.5]]}, r"train\[0\]: 0.5 in column 0 is not whole"),
    "one image": ({"train": BITS[:1]}, "own.npz: one image cannot be split"),
    "objects": ({"train": np.array([[{}]])}, "own.npz: not an npz file of numbers"),
}


@pytest.mark.parametrize(("arrays", "says"), WRONG_ARRAYS.values(), ids=WRONG_ARRAYS)
def test_wrong_arrays_are_named_with_their_problem(tmp_path, arrays, says):
    with pytest.raises(DataError, match=says):
        load(NPZ, saved(tmp_path, **arrays))


def whole(tmp_path):
    return saved(tmp_path, train=BITS).read_bytes()


@pytest.mark.parametrize(
    "spoil",
    [lambda b: b[:-30], lambda b: b"words", lambda b: b"", lambda b: b.replace(b"\x01", b"\x05")],
    ids=["half", "text", "empty", "other bytes"],
)
def test_a_broken_npz_file_is_named(tmp_path, spoil):
    (tmp_path / "broken.npz").write_bytes(spoil(whole(tmp_path)))
    with pytest.raises(
        DataError, match=r"broken.npz: not an npz file .* Write it with numpy.savez"
    ):
        load(NPZ, tmp_path / "broken.npz")


def test_one_array_alone_is_no_npz_file(tmp_path):
    np.save(tmp_path / "own.npy", BITS)
    with pytest.raises(DataError, match=r"own.npy: a single array.*\(.npy\).* numpy.savez"):
        load(NPZ, tmp_path / "own.npy")


WRONG_LINES = {
    "a word": ("0 1\n1 one\n", r"own.txt:2: 'one' is no number"),
    "half a header": ("left, 1\n0, 1\n", r"own.txt:1: 'left' is no number .*a # makes"),
    "a short line": ("# bits\n0 1 1\n\n0 1\n", r"own.txt:4: 2 numbers, where the first row has 3"),
    "nothing": ("# bits\n\n", r"own.txt: there are no numbers in it"),
    "no level": ("# bits\n0 1\n\n0 300\n", r"own.txt:4: 300 in column 1 is above full scale"),
    "infinity": ("0 1\n0 inf\n", r"own.txt:2: inf in column 1 is no number"),
    "one image": ("0 1\n", "own.txt: one image cannot be split"),
}


@pytest.mark.parametrize(("content", "says"), WRONG_LINES.values(), ids=WRONG_LINES)
def test_wrong_lines_are_named_with_their_problem(tmp_path, content, says):
    with pytest.raises(DataError, match=says):
        load(Text, text(tmp_path, content))


def test_a_file_that_is_no_text(tmp_path):
    (tmp_path / "own.txt").write_bytes(b"0 1\n\xff\xfe")
    with pytest.raises(DataError, match=r"own.txt: not UTF-8 text \(byte 4\)"):
        load(Text, tmp_path / "own.txt")


def test_there_are_no_labels_to_choose_by(tmp_path):
    with pytest.raises(DataError, match=r"there are no labels to choose by. Leave 'labels' out"):
        load(NPZ, saved(tmp_path, train=BITS), labels=(1,))


@pytest.mark.parametrize("name", ["npz", "text"])
def test_a_file_that_is_not_there_ends_with_place_problem_remedy_and_code_2(tmp_path, name):
    line = f"mine: {{name: {name}, file: /no/such/file}}"
    file = write(tmp_path, SMALL.replace("bars3: {name: bars, size: 3}", line))
    ended = ebmbench("validate", file)
    assert ended.code == 2
    assert ended.err.startswith(f"{file}:7:")
    assert "datasets.mine: /no/such/file: " in ended.err
    assert "Check the path." in ended.err
    assert 'File "' not in ended.err


def test_a_suite_can_train_on_ones_own_bits(tmp_path):
    np.savetxt(tmp_path / "own.txt", BITS, fmt="%d")
    line = f"mine: {{name: text, file: '{tmp_path / 'own.txt'}'}}"
    file = write(tmp_path, SMALL.replace("bars3: {name: bars, size: 3}", line))
    ended = ebmbench("run", file, "--quick", "--jobs", "0", "--runs", tmp_path / "runs")
    assert ended.code == 0, ended.err


HINTS = {
    "the sign of mathematics": (
        "1 \u22121\n",
        r"'\u22121' is no number \(column 1; it holds U\+2212 MINUS",
    ),
    "no width": ("1 0\u200b\n", r"'0\\u200b' is no number .* ZERO WIDTH SPACE"),
    "a page": ("\n<!DOCTYPE html><p>404\n", "own.txt: not a text of numbers; it is an HTML page"),
    "a pointer": ("version https://git-lfs.github.com/spec/v1\n", "it is a Git LFS pointer"),
    "an index": ("0 1\n1 0\n2 1\n3 0\n4 1\n5 1\n", "own.txt:1: column 0 counts the rows"),
    "a row index of pandas": (",0,1\n0,1,1\n", "own.txt:1: column 0 is empty.* to_csv.index=False"),
    "all down": ("0 0\n0 0\n0 0\n", "own.txt: all images become one and the same"),
    "labels among bits": (
        "1 1 1 2\n1 1 0 3\n0 1 1 1\n0 1 1 0\n",
        "own.txt:1: 2 in column 3 is no bit, where others are 0 or 1.*column 3: labels",
    ),
    "a missing value": ("1 1 0\n0 -1 1\n0 0 1\n", "own.txt:2: -1 in column 1 is below 0"),
    "a gradient": ("10 20 30\n255 0 255\n0 255 0\n", "own.txt:1: 10, 20, 30, .*heading: true"),
}


@pytest.mark.parametrize(("content", "says"), HINTS.values(), ids=HINTS)
def test_a_message_names_what_cannot_be_seen_or_is_something_else(tmp_path, content, says):
    with pytest.raises(DataError, match=says):
        load(Text, text(tmp_path, content))


@pytest.mark.parametrize(
    ("label", "says"),
    [
        (3, "'label: 3' asks for a column after the last, 2"),
        ("kind", "names no column. The columns are a, b, b"),
        ("b", "names more than one column"),
        (0, "own.txt:3: '0.5' in column 0 is no label. Number the labels"),
    ],
)
def test_a_label_column_that_is_none(tmp_path, label, says):
    with pytest.raises(DataError, match=says):
        load(Text, text(tmp_path, "a,b,b\n1,0,1\n0.5,1,1\n"), label=label)


def test_labels_without_their_column_say_how_to_name_it(tmp_path):
    with pytest.raises(DataError, match=r"no labels to choose by.*'label: last'"):
        load(Text, text(tmp_path, "1 0\n0 1\n"), labels=(1,))
    file = text(tmp_path, "1 0 2\n0 1 1\n1 1 1\n")
    assert load(Text, file, label="last", labels=(1,)).train_labels.tolist() == [[1], [1]]


def test_bits_beside_bytes_are_refused(tmp_path):
    with pytest.raises(DataError, match=r"own.npz: test: numbers up to 255, where .* up to 1\."):
        load(NPZ, saved(tmp_path, train=BITS, test=255 * BITS))


ODD = {
    "repeated rows": (
        {"train": [[0, 1], [1, 0], [0, 1]]},
        r"1 of 3 images repeat .*train\[2\] is as",
    ),
    "shared rows": (
        {"train": [[0, 1], [1, 0]], "test": [[1, 0], [1, 1]]},
        r"1 of 2 test images are training images too .*test\[0\] is as .*train\[1\]",
    ),
    "a constant column": (
        {"train": [[0, 1, 1], [0, 0, 1]], "test": [[1, 1, 0]]},
        r"2 of 3 columns are the same in every training image: 0, 2",
    ),
    "a dark scale": ({"train": [[0, 200], [160, 0]]}, r"train\[0\], column 1.*taken to be 255"),
    "two ranges": (
        {"train": [[0, 255], [255, 0]], "test": [[0, 15], [16, 0]]},
        "train goes up to 255, test to 16",
    ),
    "a column too many": (
        {"train": 255 * np.eye(10)},
        "rows of 10 numbers, one more than 3 x 3: does one column hold labels",
    ),
}


@pytest.mark.parametrize(("arrays", "says"), ODD.values(), ids=ODD)
def test_what_is_odd_is_told_by_the_dataset(tmp_path, arrays, says):
    dataset = NPZ(NPZ.Options(file=str(saved(tmp_path, **arrays))))
    dataset.load(Noise([0, 1], "data"))
    assert re.search(says, "\n".join(dataset.notes()))


def test_what_looks_right_is_passed_without_a_word(tmp_path):
    rows = np.random.default_rng(1).permutation(64)[:, None] >> np.arange(6) & 1
    assert NPZ(NPZ.Options(file=str(saved(tmp_path, train=rows)))).notes() == []


def test_notes_are_told_when_checked_when_run_and_in_the_report(tmp_path):
    np.savetxt(tmp_path / "own.txt", np.vstack([BITS, BITS]), fmt="%d")
    line = f"mine: {{name: text, file: '{tmp_path / 'own.txt'}'}}"
    file = write(tmp_path, SMALL.replace("bars3: {name: bars, size: 3}", line))
    says = "images repeat an earlier one"
    checked = ebmbench("validate", file)
    assert checked.code == 0
    assert f"note: {file}:7:" in checked.err
    assert says in checked.err
    (told,) = json.loads(ebmbench("validate", file, "--json").out)["notes"]
    assert says in told["problem"]
    ended = ebmbench("run", file, "--quick", "--jobs", "0", "--runs", tmp_path / "runs")
    assert says in ended.err
    assert says in (tmp_path / "runs/small/report/README.md").read_text()
