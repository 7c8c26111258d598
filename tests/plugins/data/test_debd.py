"""The sets of bits that density estimators are compared on, on small files of the same format."""

import gzip

import numpy as np
import pytest
import torch
from pydantic import ValidationError

from ebmbench import DataError, Noise
from ebmbench_data.debd import DEBD
from support.command_line import ebmbench
from support.debd_files import V, bits, text, write_set
from support.suites import SMALL, write


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.delenv("EBMBENCH_DATA", raising=False)
    return write_set(tmp_path / "debd")


def load(folder, R=2, **options):
    options = {"set": "nltcs", "folder": folder and str(folder), **options}
    return DEBD(DEBD.Options(**options)).load(Noise(range(R), "data"))


def spins(*sides):
    return torch.from_numpy(2.0 * np.concatenate([bits(side) for side in sides]) - 1).float()


def test_a_bit_of_0_is_a_spin_down_and_a_bit_of_1_a_spin_up(folder):
    splits = load(folder, R=3)
    for rows, side in ((splits.train, "train"), (splits.test, "test")):
        assert rows.stride(0) == 0  # shared by all replicas
        assert torch.equal(rows, spins(side).expand(3, -1, -1))
    assert splits.image == (1, V)
    assert splits.keep.tolist() == [True] * 6 + [False] * 7


def test_rows_to_validate_with_join_those_to_train_on_or_are_held_out(folder):
    assert torch.equal(load(folder, train_on="train+valid").train[1], spins("train", "valid"))
    assert torch.equal(load(folder, held_out="valid").test[1], spins("valid"))
    assert torch.equal(load(folder, held_out="valid").train[1], spins("train"))
    with pytest.raises(ValidationError, match="trained on cannot be held out"):
        load(folder, held_out="valid", train_on="train+valid")


def test_the_first_rows_of_each_side_are_taken(folder):
    splits = load(folder, train=3, test=2)
    assert torch.equal(splits.train[0], spins("train")[:3])
    assert torch.equal(splits.test[0], spins("test")[:2])


@pytest.mark.parametrize("packed", [True, False], ids=["gzip", "plain"])
@pytest.mark.parametrize("train", ["train", "ts"])
@pytest.mark.parametrize("place", ["", "nltcs", "datasets/nltcs"])
def test_files_are_found_wherever_the_collection_has_them(tmp_path, packed, train, place):
    write_set(tmp_path / place, train, packed)
    assert torch.equal(load(tmp_path).train[0], spins("train"))


@pytest.mark.parametrize("place", ["", "nltcs", "debd/nltcs", "debd/datasets/nltcs"])
def test_the_users_data_folder_is_looked_through(tmp_path, monkeypatch, place):
    write_set(tmp_path / place)
    monkeypatch.setenv("EBMBENCH_DATA", str(tmp_path))
    assert torch.equal(load(None).test[0], spins("test"))


def test_files_that_are_not_used_need_not_be_there(folder):
    (folder / "nltcs.valid.data").unlink()
    assert torch.equal(load(folder).train[0], spins("train"))
    with pytest.raises(DataError, match=r"debd: there is no nltcs.valid.data in it"):
        load(folder, train_on="train+valid")


def test_other_sides_do_not_come_from_another_place(tmp_path):
    write_set(tmp_path)
    (write_set(tmp_path / "nltcs") / "nltcs.test.data").unlink()
    with pytest.raises(DataError, match=r"/nltcs: there is no nltcs.test.data in it, gzip or pla"):
        load(tmp_path)


def test_blanks_and_empty_lines_do_not_count(folder):
    lines = text(bits("train")).replace(",", ", ").replace("\n", " \r\n\n")
    (folder / "nltcs.train.data").write_text(lines)
    assert torch.equal(load(folder).train[0], spins("train"))


def test_nobody_said_where_the_files_are(monkeypatch):
    monkeypatch.delenv("EBMBENCH_DATA", raising=False)
    with pytest.raises(DataError, match=r"debd: nobody says where.*Get the collection .*'folder: "):
        load(None)


def changed(line, content):
    """Another content of one line of the rows to train on, from 1."""

    def change(folder):
        file = folder / "nltcs.train.data"
        lines = file.read_text().splitlines()
        lines[line - 1] = content(lines[line - 1])
        file.write_text("\n".join(lines) + "\n")

    return change


def rewritten(content):
    return lambda folder: (folder / "nltcs.test.data").write_bytes(content)


BROKEN = {
    "a short row": (
        changed(4, lambda line: line[:-2]),
        r"nltcs.train.data:4: 12 numbers, where the first row has 13. Get the file again.",
    ),
    "no bit": (
        changed(3, lambda line: f"{line[:4]}2{line[5:]}"),
        r"nltcs.train.data:3: '2' in column 2 is neither 0 nor 1. The collection has bits with",
    ),
    "spins": (
        changed(1, lambda line: f"-1{line[1:]}"),
        r"nltcs.train.data:1: '-1' in column 0 is neither 0 nor 1",
    ),
    "a gap": (changed(5, lambda line: f"{line[:2]},{line[3:]}"), r"5: '' in column 1 is neither"),
    "no commas": (changed(1, lambda line: line.replace(",", " ")), r"1: '. . .*' in column 0 is"),
    "another width": (
        rewritten(b"0,1\n1,0\n"),
        r"nltcs.test.data: rows of 2 bits, where those to train on have 13. Get all files of",
    ),
    "nothing": (rewritten(b"\n \n"), r"nltcs.test.data: there are no rows in it"),
    "broken gzip": (rewritten(gzip.compress(b"0,1\n")[:-6]), r"nltcs.test.data: its gzip is brok"),
    "a page": (rewritten(b"<html>404</html>"), r"nltcs.test.data: not a text of bits; it is an H"),
}


@pytest.mark.parametrize(("change", "says"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_told_with_its_place(folder, change, says):
    change(folder)
    with pytest.raises(DataError, match=says):
        load(folder)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"train": 12}, r"train.data: 'train: 12' asks for more than the 11 rows there are. Lower"),
        ({"set": "nltc"}, r"debd: there is no set 'nltc' in it. There are: nltcs."),
        ({"folder": "/no/such"}, r"/no/such: no such folder. Check the path."),
    ],
    ids=["too many rows", "a misspelt set", "a wrong folder"],
)
def test_wrong_options_are_told(folder, options, says):
    with pytest.raises(DataError, match=says):
        DEBD(DEBD.Options(**{"set": "nltcs", "folder": str(folder), **options})).load(
            Noise([0], "data")
        )


def suite(folder):
    chosen = f"nltcs: {{name: debd, set: nltcs, folder: '{folder}'}}"
    return SMALL.replace("bars3: {name: bars, size: 3}", chosen)


def test_a_suite_of_a_set_is_planned_and_run(tmp_path, folder):
    file = write(tmp_path, suite(folder))
    ended = ebmbench("run", file, "--quick", "--jobs", "0", "--runs", tmp_path / "runs")
    assert ended.code == 0, ended.err


def test_a_wrong_folder_ends_with_place_problem_remedy_and_code_2(tmp_path):
    ended = ebmbench("validate", write(tmp_path, suite("/no/such")))
    assert ended.code == 2
    assert "datasets.nltcs: /no/such: no such folder. Check the path." in ended.err
    assert "Traceback" not in ended.err


def test_other_bits_in_the_files_are_other_cells(tmp_path, folder):
    from support.suites import plan

    before = plan(tmp_path, suite(folder)).digest()
    changed(1, lambda line: line.translate({48: "1", 49: "0"}))(folder)
    assert plan(tmp_path, suite(folder)).digest() != before
