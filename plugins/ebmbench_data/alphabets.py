"""The states of a site of aligned sequences."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Name = Literal["protein", "rna", "dna"]

NO_STATE = 255


class Alphabet(NamedTuple):
    """Letters that are states, and letters that are read as gaps.

    Attributes:
        states: a letter for each, the gap first.
        unknown: what says that a residue is not known, or one of several.
        same: letters that are read as others.
    """

    states: str
    unknown: str
    same: tuple[tuple[str, str], ...] = ()

    def table(self) -> NDArray[np.uint8]:
        """The state of every code of Latin-1, (256,); NO_STATE where it is no letter here."""
        table = np.full(256, NO_STATE, np.uint8)
        for state, letter in enumerate(self.states):
            for each in (letter, letter.lower()):
                table[ord(each)] = state
        for letter in self.unknown:
            table[[ord(letter), ord(letter.lower())]] = 0
        for letter, other in self.same:
            table[[ord(letter), ord(letter.lower())]] = table[ord(other)]
        table[ord(".")] = 0
        return table


ALPHABETS: dict[Name, Alphabet] = {
    "protein": Alphabet("-ACDEFGHIKLMNPQRSTVWY", "XBZJUO*?"),
    "rna": Alphabet("-ACGU", "NRYKMSWBDHV?", (("T", "U"),)),
    "dna": Alphabet("-ACGT", "NRYKMSWBDHV?", (("U", "T"),)),
}
