"""Tables of levels in many spellings: read as they are meant, or refused with a place."""

import re
from typing import NamedTuple

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from ebmbench import DataError, Noise
from ebmbench_data import Text

KINDS = {  # numbers of a kind, how they are written, and from where on a pixel is up
    "bits": ([0, 1], "{:.0f}", 0.3),
    "bits with points": ([0, 1], "{:.1f}", 0.3),
    "spins": ([-1, 1], "{:.0f}", 0.0),
    "shares": ([0, 0.25, 0.5, 1], "{:g}", 0.3),
    "levels to 16": (range(17), "{:.0f}", 16 * 0.3),
    "per cent": (range(0, 101, 10), "{:.0f}", 100 * 0.3),
    "two levels": ([1, 2], "{:.0f}", 1.5),
    "bytes": (range(0, 256, 15), "{:.0f}", 255 * 0.3),
}
HEADINGS = {
    "none": None,
    "words": lambda column: f"pixel{column}",
    "words in quotes": lambda column: f'"the pixel {column}"',
    "from 0": str,
    "from 1": lambda column: str(column + 1),
    "in tens": lambda column: str(10 * column),
}
SLIPS = ["none", "an empty cell", "a decimal comma", "a letter", "a 2", "a row less a number"]


class Spelling(NamedTuple):
    """How a table is written, and what is told beside it."""

    kind: str
    separator: str
    heading: str
    labels: str
    mark: bool
    ends: str
    index: bool
    slip: str
    told: frozenset


spellings = st.builds(
    Spelling,
    kind=st.sampled_from(sorted(KINDS)),
    separator=st.sampled_from([",", ", ", ";", "\t", " ", "   "]),
    heading=st.sampled_from(sorted(HEADINGS)),
    labels=st.sampled_from(["none", "first", "last"]),
    mark=st.booleans(),
    ends=st.sampled_from(["\n", "\r\n", "\n\n", ",\n", " # a row\n"]),
    index=st.booleans(),
    slip=st.sampled_from(SLIPS),
    told=st.sets(st.sampled_from(["white", "heading", "label"])).map(frozenset),
)


@st.composite
def tables(draw, levels):
    """Rows in which the brightest level and the darkest are, as in any picture."""
    levels = list(levels)
    shape = draw(st.tuples(st.integers(6, 9), st.sampled_from([5, 7])))
    cells = draw(st.lists(st.sampled_from(levels), min_size=100, max_size=100))
    table = np.array(cells[: shape[0] * shape[1]], float).reshape(shape)
    table[-1, :3] = levels[-1], levels[0], levels[-1]
    return table


def written(table, s):
    """The table as text; labels 0 to 8 go first or last, an index before them."""
    pattern = KINDS[s.kind][1]
    names = HEADINGS[s.heading]
    rows = [[pattern.format(x) for x in row] for row in table]
    labels = [str(n % 9) for n in range(len(rows))][::-1]  # no index, which goes up
    if s.slip == "a decimal comma":
        rows = [[cell.replace(".", ",") for cell in row] for row in rows]
    elif s.slip != "none":
        _spoil(rows[2], s.slip)
    if s.labels == "first":
        rows = [[label, *row] for label, row in zip(labels, rows, strict=True)]
    elif s.labels == "last":
        rows = [[*row, label] for label, row in zip(labels, rows, strict=True)]
    if s.index:
        rows = [[str(n), *row] for n, row in enumerate(rows)]
    if names:
        rows = [[names(column) for column in range(len(rows[1]))], *rows]
    lines = [s.separator.join(row) for row in rows]
    return "\ufeff" * s.mark + "".join(line + s.ends for line in lines)


def _spoil(row, slip):
    if slip == "a row less a number":
        del row[1]
    else:
        row[1] = {"an empty cell": "", "a letter": "l", "a 2": "2"}[slip]


def options(s):
    """What the user tells."""
    told = {}
    if "white" in s.told and s.kind in ("levels to 16", "per cent", "two levels", "bytes"):
        told["white"] = KINDS[s.kind][0][-1]
        if s.kind == "two levels":
            told["binarize"] = {"at": 0.75}
    if "heading" in s.told:
        told["heading"] = s.heading != "none"
    if "label" in s.told and s.labels != "none":
        told["label"] = "last" if s.labels == "last" else int(s.index)
    return told


def is_told(s):
    """Whether nothing is left that no reader could know.

    Labels are not told from levels by their looks, nor decimal commas from commas between numbers.
    """
    grey = s.kind in ("levels to 16", "per cent", "bytes", "two levels")
    hidden = s.labels != "none" and "label" not in s.told and (grey or s.kind == "spins")
    wrong_number = s.slip == "a 2" and grey
    commas = s.slip == "a decimal comma" and "," in s.separator
    return not (hidden or wrong_number or commas)


def loaded(dataset):
    """(splits, None), or (None, why there are none)."""
    try:
        return dataset.load(Noise([0], "data")), None
    except DataError as error:
        return None, error


def rows_of(splits):
    """All rows of the first replica, sorted."""
    return sorted(torch.cat([splits.train[0], splits.test[0]]).tolist())


@settings(max_examples=250, deadline=None)
@given(data=st.data(), s=spellings)
def test_a_table_is_read_as_it_is_meant_or_refused_with_a_place(tmp_path_factory, data, s):
    levels, _, cut = KINDS[s.kind]
    table = data.draw(tables(levels))
    file = tmp_path_factory.mktemp("spelt") / "own.csv"
    file.write_bytes(written(table, s).encode())
    splits, refusal = loaded(Text(Text.Options(file=str(file), **options(s))))
    if refusal is not None:
        assert re.match(rf"{file}(:\d+)?: ", str(refusal))
        assert refusal.remedy
    elif is_told(s):
        assert rows_of(splits) == sorted(np.where(table > cut, 1.0, -1.0).tolist())


PLAIN = Spelling("bits", ",", "none", "none", False, "\n", False, "none", frozenset())
READ = {
    "as it is": PLAIN,
    "a byte-order mark": PLAIN._replace(mark=True),
    "semicolons": PLAIN._replace(separator=";"),
    "tabs": PLAIN._replace(separator="\t", kind="spins"),
    "names": PLAIN._replace(heading="words in quotes"),
    "a heading of numbers": PLAIN._replace(heading="from 0"),
    "labels": PLAIN._replace(labels="last", told=frozenset({"label"})),
    "names and labels": PLAIN._replace(labels="first", heading="words", told=frozenset({"label"})),
    "levels of a known scale": PLAIN._replace(kind="levels to 16", told=frozenset({"white"})),
    "two levels": PLAIN._replace(kind="two levels", told=frozenset({"white"})),
    "bytes": PLAIN._replace(kind="bytes"),
    "shares, with an empty end": PLAIN._replace(kind="shares", ends=",\n"),
}


@pytest.mark.parametrize("s", READ.values(), ids=READ)
def test_what_is_written_plainly_is_read(tmp_path, s):
    levels, _, cut = KINDS[s.kind]
    table = np.random.default_rng(3).choice(list(levels), (7, 5))
    table[-1, 0] = list(levels)[-1]
    (tmp_path / "own.csv").write_bytes(written(table, s).encode())
    dataset = Text(Text.Options(file=str(tmp_path / "own.csv"), **options(s)))
    splits = dataset.load(Noise([0], "data"))
    assert rows_of(splits) == sorted(np.where(table > cut, 1.0, -1.0).tolist())
    if "label" in s.told:
        found = torch.cat([splits.train_labels[0], splits.test_labels[0]])
        assert sorted(found.tolist()) == list(range(7))
