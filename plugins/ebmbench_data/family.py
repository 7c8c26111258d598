"""A family of aligned sequences: their states, their weights, and who is alike."""

from __future__ import annotations

import math
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ebmbench import DataError
from ebmbench.numerics import kept, njit
from ebmbench_data.alphabets import ALPHABETS, NO_STATE, Name
from ebmbench_data.fasta import Sequence, letters_of, read_fasta
from ebmbench_data.joined import find, unite
from ebmbench_data.unchanged import read_once

DOT = ord(".")
BLOCK = 16  # columns that are compared before asking whether it is still worth it


class Family(NamedTuple):
    """N sequences of L sites.

    Attributes:
        states: (N, L), the number of each site's state, 0 for a gap.
        weight: (N,), one over the number of sequences that are as alike as asked for, itself one.
        group: (N,), the number of the group of each: those that are linked by such pairs.
        remarks: what was made of the file, as whole sentences.
    """

    states: NDArray[np.uint8]
    weight: NDArray[np.float64]
    group: NDArray[np.int64]
    remarks: tuple[str, ...]


@read_once
def read_family(file: Path, alphabet: Name, dots: float, identity: float) -> Family:
    """The sequences of a FASTA file.

    Args:
        dots: columns with a larger share of '.' are left out: those of insertions.
        identity: the share of equal sites from which on two sequences are alike.

    Raises:
        DataError: the file cannot be read, or holds a letter that is none of the alphabet.
    """
    sequences = read_fasta(file)
    letters = letters_of(sequences)
    kept_columns = (letters == DOT).mean(axis=0) <= dots
    if not kept_columns.any():
        problem = f"more than {dots:g} of every column is '.'"
        raise DataError(str(file), problem, "Raise 'dots', or write gaps as -.")
    states = ALPHABETS[alphabet].table()[letters]
    _all_are_letters(states, sequences, alphabet)
    states = np.ascontiguousarray(states[:, kept_columns])
    neighbours, group = alike(states, identity)
    remarks = _remarks(letters[:, kept_columns], states, neighbours, kept_columns, identity)
    return Family(states, 1 / neighbours, group, remarks)


def alike(
    states: NDArray[np.uint8], identity: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """How many sequences are alike to each, itself one, and the group of each; (N,) both."""
    N, L = states.shape
    neighbours, root = np.ones(N, np.int64), np.arange(N)
    link(states, math.ceil(identity * L - 1e-9), neighbours, root)
    group = np.array([find.py_func(root, each) for each in range(N)])
    return neighbours, np.unique(group, return_inverse=True)[1]


@kept
@njit(nogil=True)
def link(states, least, neighbours, root):  # type: ignore[no-untyped-def]
    """Count and join all pairs of rows of ``states`` (N, L) with ``least`` equal sites or more."""
    N, L = states.shape
    for i in range(N):
        for j in range(i):
            differing = 0
            for start in range(0, L, BLOCK):
                for site in range(start, min(start + BLOCK, L)):
                    differing += states[i, site] != states[j, site]
                if differing > L - least:
                    break
            if differing <= L - least:
                neighbours[i] += 1
                neighbours[j] += 1
                unite(root, i, j)


def _all_are_letters(states: NDArray[np.uint8], sequences: list[Sequence], alphabet: Name) -> None:
    wrong = states == NO_STATE
    if wrong.any():
        row, column = np.argwhere(wrong)[0].tolist()
        sequence = sequences[row]
        problem = (
            f"'{sequence.letters[column]}' in column {column + 1} of '{sequence.name}' is no "
            f"letter of {alphabet}, {ALPHABETS[alphabet].states}"
        )
        remedy = f"Mend it, or choose another 'alphabet': {', '.join(ALPHABETS)}."
        raise DataError(sequence.place, problem, remedy)


def _remarks(
    letters: NDArray[np.uint8],
    states: NDArray[np.uint8],
    neighbours: NDArray[np.int64],
    kept_columns: NDArray[np.bool_],
    identity: float,
) -> tuple[str, ...]:
    """Of columns that are left out, letters that are read as gaps, and weights."""
    told, dropped = [], int((~kept_columns).sum())
    if dropped:
        told.append(f"{dropped} of {len(kept_columns)} columns are mostly '.', and left out.")
    gaps = np.isin(letters, [DOT, ord("-")])
    unknown = int(((states == 0) & ~gaps).sum())
    if unknown:
        told.append(f"{unknown} letters stand for no one residue, and are read as gaps.")
    counted = (1 / neighbours).sum()
    told.append(
        f"{len(states)} sequences of {states.shape[1]} sites weigh as much as {counted:.1f}: "
        f"those that are {identity:.0%} alike share their weight."
    )
    return tuple(told)
