"""FASTA files of aligned sequences."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ebmbench import DataError
from ebmbench_data.kind_of_file import kind_of
from ebmbench_data.packed import AGAIN, content_of

COMMENT = ("#", ";")
ALIGN = "Align the sequences: each has a letter or a gap, - or ., in every column."


class Sequence(NamedTuple):
    """A sequence as it stands in the file.

    Attributes:
        place: the file and line of its heading.
        name: what its heading says, the first word.
        letters: all its columns.
    """

    place: str
    name: str
    letters: str


def read_fasta(file: Path) -> list[Sequence]:
    """The sequences of a file, packed with gzip or not; all have as many columns.

    Raises:
        DataError: the file cannot be read, or is no alignment in FASTA.
    """
    content = content_of(file)
    if kind := kind_of(content):
        raise DataError(str(file), f"no FASTA file; it is {kind}", AGAIN)
    found = _sequences(content.decode("latin-1").splitlines(), file)
    if not found:
        problem = "there is no sequence in it"
        raise DataError(str(file), problem, "A sequence begins with a line '> its name'.")
    for each in found:
        _as_long_as_the_first(each, found[0])
    return found


def letters_of(sequences: list[Sequence]) -> NDArray[np.uint8]:
    """The letters' codes in Latin-1, (N, columns)."""
    text = "".join(each.letters for each in sequences).encode("latin-1")
    return np.frombuffer(text, np.uint8).reshape(len(sequences), -1)


def _sequences(lines: list[str], file: Path) -> list[Sequence]:
    found: list[Sequence] = []
    parts: list[str] = []
    for number, raw in enumerate(lines, start=1):
        line, place = raw.strip(), f"{file}:{number}"
        if line.startswith(">"):
            if found:
                found[-1] = found[-1]._replace(letters="".join(parts))
            name = line[1:].split()[0] if line[1:].strip() else f"the {len(found) + 1}th"
            found.append(Sequence(place, name, ""))
            parts = []
        elif line and not line.startswith(COMMENT):
            if not found:
                problem = "letters before the first line that begins with >"
                raise DataError(place, problem, "Name each sequence in a line '> its name'.")
            parts.append("".join(line.split()))
    if found:
        found[-1] = found[-1]._replace(letters="".join(parts))
    return found


def _as_long_as_the_first(sequence: Sequence, first: Sequence) -> None:
    mine, wanted = len(sequence.letters), len(first.letters)
    if not mine:
        problem = f"nothing follows the name '{sequence.name}'"
        raise DataError(sequence.place, problem, ALIGN)
    if mine != wanted:
        problem = f"'{sequence.name}' has {mine} columns, where '{first.name}' has {wanted}"
        raise DataError(sequence.place, problem, ALIGN)
