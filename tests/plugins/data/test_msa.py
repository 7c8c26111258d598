"""Alignments: what is read, what a sequence weighs, and rows drawn by weight."""

import gzip

import numpy as np
import pytest
import torch

from ebmbench import DataError, Noise
from ebmbench_data.by_weight import drawn_by_weight
from ebmbench_data.family import alike
from ebmbench_data.msa import MSA
from ebmbench_data.whole_groups import WholeGroups, first_that_fit
from support.command_line import ebmbench
from support.suites import SMALL, write

FASTA = """\
# a small family
>one first
ACG.
U-
>two
acg.
uN
>three

GGG.UU
>four
T-C.-C
>five
UUCaAA
"""


@pytest.fixture
def file(tmp_path):
    return write_text(tmp_path, FASTA)


def write_text(folder, text, name="family.fa"):
    file = folder / name
    file.write_text(text)
    return file


def msa(file, **options):
    return MSA(MSA.Options(**{"file": str(file), "alphabet": "rna", **options}))


def read(rows, letters="-ACGU"):
    """One-hot rows (N, V) as text."""
    states = rows.view(len(rows), -1, len(letters)).argmax(-1)
    return ["".join(letters[state] for state in row) for row in states.tolist()]


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_small_letters_gaps_unknown_residues_and_insertions(file, packed):
    if packed:
        file.write_bytes(gzip.compress(file.read_bytes()))
    family = msa(file).family()
    texts = ["".join("-ACGU"[state] for state in row) for row in family.states]
    assert texts == ["ACGU-", "ACGU-", "GGGUU", "U-C-C", "UUCAA"]
    assert family.weight.tolist() == [0.5, 0.5, 1, 1, 1]
    dna = msa(file, alphabet="dna").family()
    assert np.array_equal(dna.states, family.states)


def test_columns_are_left_out_by_their_share_of_dots(file):
    assert msa(file, dots=0.8).family().states.shape == (5, 6)
    assert msa(file, dots=0.79).family().states.shape == (5, 5)


def test_what_was_made_of_a_file_is_told(file):
    told = msa(file).notes()
    assert told == [
        f"{file}: 1 of 6 columns are mostly '.', and left out.",
        f"{file}: 1 letters stand for no one residue, and are read as gaps.",
        f"{file}: 5 sequences of 5 sites weigh as much as 4.0: those that are 80% alike share "
        "their weight.",
    ]


def neighbours_by_pairs(states, identity):
    same = (states[:, None] == states[None]).mean(-1)
    return (same >= identity - 1e-9).sum(1)


@pytest.mark.parametrize("identity", [0.3, 0.5, 0.8, 1.0])
@pytest.mark.parametrize("sites", [5, 37])
def test_a_sequence_weighs_one_over_those_that_are_alike(sites, identity):
    rng = np.random.default_rng(0)
    states = rng.integers(0, 3, (29, sites)).astype(np.uint8)
    states[10:20] = np.where(rng.random((10, sites)) < 0.8, states[:10], states[10:20])
    states[20] = states[0]
    neighbours, group = alike(states, identity)
    wanted = neighbours_by_pairs(states, identity)
    assert neighbours.tolist() == wanted.tolist()
    linked = (states[:, None] == states[None]).mean(-1) >= identity - 1e-9
    reach = np.linalg.matrix_power(linked.astype(float), 29) > 0
    assert np.array_equal(group[:, None] == group[None], reach)


def test_55_of_100_sites_are_a_share_of_055():
    """0.55 * 100 is a little above 55 in floating point."""
    states = np.zeros((2, 100), np.uint8)
    states[1, 55:] = 1
    assert alike(states, 0.55)[0].tolist() == [2, 2]
    assert alike(states, 0.56)[0].tolist() == [1, 1]


def test_rows_come_as_often_as_their_weight_says_up_to_one():
    weight = torch.tensor([[1.0, 0.5, 0.0, 0.25, 0.25], [1, 1, 1, 1, 1]], dtype=torch.float64)
    share = weight / weight.sum(1, keepdim=True)
    total = torch.zeros(2, 5)
    for epoch in range(4000):
        at = drawn_by_weight(weight, 7, Noise([1, 2], "rows", epoch))
        counts = torch.stack([torch.bincount(each, minlength=5) for each in at])
        assert ((counts - 7 * share).abs() < 1).all()
        total += counts
    error = 0.5 / 4000**0.5  # a count is one of two neighbouring numbers
    assert ((total / 4000 - 7 * share).abs() < 4 * error).all()
    assert total[0, 2] == 0


def test_the_mean_over_epochs_is_the_mean_by_weight(file):
    dataset = msa(file, identity=0.8, held_out=0.2, rows=5)
    splits = dataset.load(Noise([3], "data"))
    weight, states = dataset.family().weight, dataset.family().states
    known = {"".join("-ACGU"[s] for s in row): w for row, w in zip(states, weight, strict=True)}
    held_out = set(read(splits.test[0]))
    of_train = {row: 0.0 for row in known if row not in held_out}
    epochs = 2000
    for epoch in range(epochs):
        for row in read(splits.redraw(Noise([3], "epoch", epoch))[0]):
            of_train[row] += 1 / (5 * epochs)
    rows = ["".join("-ACGU"[s] for s in row) for row in states]
    mass = {row: sum(w for r, w in zip(rows, weight, strict=True) if r == row) for row in of_train}
    for row, share in of_train.items():
        assert share == pytest.approx(mass[row] / sum(mass.values()), abs=4 * 0.1 / epochs**0.5)


def test_sequences_that_are_linked_are_on_one_side(tmp_path):
    MSA.examples(tmp_path)
    dataset = msa(tmp_path / "family.fa", held_out=0.4)
    family = dataset.family()
    group = groups_by_row(family)
    assert family.group.max() == 7
    splits = dataset.load(Noise(range(5), "data"))
    for r in range(5):
        sides = [{group[row] for row in read(part[r])} for part in (splits.train, splits.test)]
        assert not sides[0] & sides[1]
        assert len(sides[0] | sides[1]) == 8
    assert len({tuple(sorted(set(read(rows)))) for rows in splits.test}) > 1
    shared = msa(tmp_path / "family.fa", held_out=0.4, split="shared")
    tests = shared.load(Noise(range(3), "data")).test
    assert len({tuple(sorted(set(read(rows)))) for rows in tests}) == 1


def test_groups_are_held_out_as_long_as_they_fit():
    sizes, order = np.array([5, 1, 3, 2]), np.array([2, 0, 3, 1])
    assert first_that_fit(sizes, order, 4).tolist() == [False, True, True, False]


ONCE = ("held out", "family")


def groups_by_row(family):
    return {
        "".join("-ACGU"[s] for s in row): g
        for row, g in zip(family.states, family.group, strict=True)
    }


def trained_on(splits, seeds, r, epochs=5):
    """What a replica sees over some epochs, as text."""
    drawn = (splits.redraw(Noise(seeds, "epoch", epoch))[r] for epoch in range(epochs))
    return {row for rows in (splits.train[r], *drawn) for row in read(rows)}


@pytest.mark.parametrize("split", ["random", "shared"])
def test_what_is_cut_out_to_validate_with_is_whole_groups_that_never_come_back(tmp_path, split):
    MSA.examples(tmp_path)
    dataset = msa(tmp_path / "family.fa", held_out=0.4, split=split)
    group, seeds = groups_by_row(dataset.family()), range(5)
    splits = dataset.load(Noise(seeds, "data"))
    held = splits.hold_out(0.4, Noise([0], *ONCE))
    for r in seeds:
        parts = trained_on(held, seeds, r), set(read(held.test[r])), set(read(splits.test[r]))
        sides = [{group[row] for row in part} for part in parts]
        assert [len(side) for side in sides] == [3, 2, 3]
        assert not any(sides[i] & sides[j] for i, j in ((0, 1), (0, 2), (1, 2)))
    validated = {tuple(sorted({group[row] for row in read(rows)})) for rows in held.test}
    assert (len(validated) == 1) == (split == "shared")


@pytest.mark.parametrize("split", ["random", "shared"])
def test_a_replica_validates_with_the_same_rows_alone_and_in_a_block(tmp_path, split):
    MSA.examples(tmp_path)
    dataset = msa(tmp_path / "family.fa", split=split)
    block, alone = (dataset.load(Noise(seeds, "data")) for seeds in ([1, 2, 3], [2]))
    mine, own = (each.hold_out(0.3, Noise([0], *ONCE)) for each in (block, alone))
    assert torch.equal(mine.train[1], own.train[0])
    assert torch.equal(mine.test[1], own.test[0])
    fresh, of_own = mine.redraw(Noise([1, 2, 3], "e")), own.redraw(Noise([2], "e"))
    assert torch.equal(fresh[1], of_own[0])
    first = block.first_replica().hold_out(0.3, Noise([0], *ONCE))
    assert len(first.train) == len(first.test) == 1
    assert torch.equal(first.test[0], mine.test[0])
    assert torch.equal(first.redraw(Noise([1], "e")), fresh[:1])


def test_the_share_that_is_cut_out_is_of_the_rows(tmp_path):
    MSA.examples(tmp_path)
    splits = msa(tmp_path / "family.fa", rows=41).load(Noise([0, 1], "data"))
    held = splits.hold_out(0.25, Noise([0], *ONCE))
    assert held.train.shape == (2, 31, 100)
    assert held.test.shape == (2, 10, 100)
    assert held.redraw(Noise([0, 1], "epoch")).shape == held.train.shape
    again = held.hold_out(0.5, Noise([0], "again"))
    assert again.test.shape[1] == again.train.shape[1] + 1 == 16
    assert not set(read(again.test[0])) & set(read(held.test[0]))


def test_what_all_replicas_validate_with_lies_in_memory_once(tmp_path):
    MSA.examples(tmp_path)
    splits = msa(tmp_path / "family.fa", split="shared").load(Noise([0, 1], "data"))
    assert splits.hold_out(0.3, Noise([0], *ONCE)).test.stride(0) == 0


def test_groups_are_cut_out_in_one_order_as_long_as_they_fit():
    sizes = np.array([5, 1, 3, 2, 4])
    test = np.array([[1, 0, 0, 0, 0], [0, 0, 0, 1, 0]], bool)
    cut = WholeGroups(sizes, ~test, test).cut(0.4, np.array([0, 3, 1, 4, 2]))
    assert cut.test.tolist() == [[0, 1, 0, 1, 0], [1, 0, 0, 0, 0]]  # of 10 four, of 13 five
    assert (cut.train ^ cut.test ^ test).all()


def test_the_smallest_group_is_cut_out_where_none_fits():
    sizes, test = np.array([9, 5, 1, 6]), np.array([[0, 0, 1, 0]], bool)
    cut = WholeGroups(sizes, ~test, test).cut(0.1, np.array([0, 3, 2, 1]))
    assert cut.test.tolist() == [[False, True, False, False]]


def test_of_a_single_group_nothing_is_cut_out(tmp_path):
    lines = [f">{n}\nACGUACGUA{letter}\n" for n, letter in enumerate("ACGU")]
    file = write_text(tmp_path, "".join(lines) + ">other\nUUUUUUUUUU\n")
    splits = msa(file).load(Noise([0], "data"))
    with pytest.raises(
        DataError, match=r"a single group of .* to validate with.* Raise 'identity'"
    ):
        splits.hold_out(0.2, Noise([0], *ONCE))


def test_a_replicas_rows_are_its_own(file):
    options = {"held_out": 0.4, "rows": 11}
    together, alone = (msa(file, **options).load(Noise(seeds, "d")) for seeds in ([1, 2], [2]))
    assert together.train.shape == (2, 11, 25)
    assert together.image == (5, 5)
    assert together.keep.sum() == 10
    assert torch.equal(together.train[1], alone.train[0])
    assert torch.equal(together.test[1], alone.test[0])
    one, other = (each.redraw(Noise([2], "e")) for each in (alone, together.first_replica()))
    assert one.shape == other.shape == (1, 11, 25)


BROKEN = {
    "no name": ("ACGU\n", r"family.fa:1: letters before the first line that begins with >"),
    "nothing": ("# empty\n", r"family.fa: there is no sequence in it. A sequence begins with"),
    "not aligned": (
        ">a\nACGU\n>b\nACG\n",
        r"family.fa:3: 'b' has 3 columns, where 'a' has 4. Align the sequences",
    ),
    "no letters": (">a\n>b\nACG\n", r"family.fa:1: nothing follows the name 'a'"),
    "a protein": (
        ">a\nACGU\n>b\nACGE\n",
        r"family.fa:3: 'E' in column 4 of 'b' is no letter of rna, -ACGU. Mend it, or choose "
        r"another 'alphabet': protein, rna, dna.",
    ),
    "one sequence": (">a\nACGU\n", r"0.2 of 1 sequences cannot be held out"),
    "all alike": (">a\nACGU\n>b\nACGU\n", r"the smallest group of those that are 80% alike has 2"),
    "all dots": (">a\n..\n>b\n..\n", r"more than 0.5 of every column is '.'. Raise 'dots'"),
    "a page": ("<html></html>", r"no FASTA file; it is an HTML page"),
}


@pytest.mark.parametrize(("text", "says"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_told_with_its_place(tmp_path, text, says):
    with pytest.raises(DataError, match=says):
        msa(write_text(tmp_path, text)).load(Noise([0], "data"))


def suite(file, states=5):
    start, end = SMALL.index("  RAPID:"), SMALL.index("  CD-2:")
    return (
        (SMALL[:start] + SMALL[end:])
        .replace(
            "bars3: {name: bars, size: 3}", f"family: {{name: msa, file: '{file}', alphabet: rna}}"
        )
        .replace("{name: rbm, hidden: 11}", f"{{name: potts-rbm, hidden: 3, states: {states}}}")
        .replace("  - {name: hamming, samples: 7}\n", "")
        .replace("hamming.test, below: 0.3", "nll.test, below: 0.3")
    )


def test_a_suite_of_a_family_is_planned_and_run(tmp_path):
    MSA.examples(tmp_path)
    file = write(tmp_path, suite(tmp_path / "family.fa"))
    ended = ebmbench("run", file, "--jobs", "0", "--runs", tmp_path / "runs")
    assert ended.code == 0, ended.err
    assert "weigh as much as" in ended.err


def test_a_model_of_another_number_of_states_is_told(tmp_path):
    MSA.examples(tmp_path)
    ended = ebmbench("validate", write(tmp_path, suite(tmp_path / "family.fa", states=21)))
    assert ended.code == 2
    assert "the rows are sites of 5 states" in ended.err
    assert "the model 'potts-rbm' has sites of 21 states" in ended.err
    assert "Traceback" not in ended.err


def test_a_wrong_path_is_told(tmp_path):
    ended = ebmbench("validate", write(tmp_path, suite("/no/such.fa")))
    assert ended.code == 2
    assert "/no/such.fa: cannot be read (No such file or directory). Check the path." in ended.err
