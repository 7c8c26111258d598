"""A user's own alignment of sequences."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import Field

from ebmbench import DataError, Dataset, Noise, Splits
from ebmbench.numerics import OneHot
from ebmbench_data.alphabets import ALPHABETS, Name
from ebmbench_data.family import Family, read_family
from ebmbench_data.family_rows import FamilyRows
from ebmbench_data.own_path import own_path
from ebmbench_data.split import Split, held_out_of, random_order
from ebmbench_data.whole_groups import WholeGroups


class MSA(Dataset):
    """Your own aligned sequences in FASTA, sites of 21 or 5 states, for models of such sites.

    A site is a letter or a gap: 20 residues of a protein, or 4 bases, and the gap as a state of its
    own, the first. A row has a column of 0 and 1 for each state of each site, 1 where the site is
    in it: no bits that stand for spins, and no data for models of spins. Small letters are read as
    large ones, '.' as a gap, letters for an unknown residue (X, N, ...) as gaps; columns that are
    mostly '.', as insertions are in HMMER's alignments, are left out.

    Sequences that are alike in a share of ``identity`` of their sites or more weigh one over their
    number (Morcos et al. 2011). **Rows are drawn by weight**: anew for each epoch, each as often as
    its weight says, up to one; over epochs the mean over rows is the mean by weight. So all methods
    see weighted data, with no weights in their updates. Sequences that are linked by pairs so alike
    are either all trained on or all held out: else what is held out is hardly new. What tuning cuts
    out to validate with are such groups, too: in a random order, as long as they are its share of
    the sequences to train on, or the smallest where none is; of the rows it is the share.
    """

    name = "msa"
    cites = ("morcos2011",)

    class Options(Dataset.Options):
        file: str = Field(min_length=1, description="The FASTA file, plain or gzip")
        alphabet: Name = Field("protein", description="What the letters are")
        identity: float = Field(
            0.8,
            gt=0,
            le=1,
            description="Share of equal sites from which on sequences share their weight; 1: only "
            "equal ones do",
        )
        dots: float = Field(
            0.5, ge=0, le=1, description="Columns with a larger share of '.' are left out"
        )
        split: Split = Field(
            "random", description="A random split of each seed's own, or one that all seeds share"
        )
        held_out: float = Field(
            0.2, gt=0, lt=1, description="Share of the sequences that are held out, at most"
        )
        rows: int | None = Field(
            None,
            ge=1,
            le=10_000_000,
            description="Rows of an epoch; by default as many as sequences are not held out",
        )

    @classmethod
    def examples(cls, folder: Path) -> Sequence[dict[str, Any]]:
        """A family of groups of three, of four sites and two columns of insertions."""
        file = folder / "family.fa"
        write_example(file)
        return [{"file": str(file), "alphabet": "rna"}]

    @property
    def units(self) -> OneHot:
        """What the rows are."""
        return OneHot(len(ALPHABETS[self.options.alphabet].states))

    def files(self) -> list[Path]:
        return [own_path(self.options.file)]

    def notes(self) -> Sequence[str]:
        """What was made of the file."""
        (file,) = self.files()
        return [f"{file}: {each}" for each in self.family().remarks]

    def family(self) -> Family:
        """What is in the file."""
        o, (file,) = self.options, self.files()
        return read_family(file, o.alphabet, o.dots, o.identity)

    def load(self, noise: Noise) -> Splits:
        family, o = self.family(), self.options
        sequences = len(family.states)
        test = held_out_of(sequences, o.held_out)
        drawn = FamilyRows(family, self._groups(family, noise), self.units, noise.replicas)
        return drawn.splits(o.rows or sequences - test, test, noise)

    def _groups(self, family: Family, noise: Noise) -> WholeGroups:
        """Those that are trained on and held out, by a random order.

        Raises:
            DataError: no group is small enough.
        """
        sizes = np.bincount(family.group)
        most = held_out_of(len(family.group), self.options.held_out)
        if len(family.group) < 2 or sizes.min() > most:
            share, least = self.options.held_out, int(sizes.min())
            problem = (
                f"{share:g} of {len(family.group)} sequences cannot be held out: the smallest group"
                f" of those that are {self.options.identity:.0%} alike has {least}"
            )
            remedy = "Raise 'identity' or 'held_out', or add sequences."
            raise DataError(self.options.file, problem, remedy)
        order = random_order(len(sizes), self.options.split, noise).cpu().numpy()
        return WholeGroups.of(sizes, order, most)


def write_example(file: Path, letters: str = "ACGU-", groups: int = 8) -> None:
    """Write sequences, groups of three, of 20 sites and two columns that are mostly '.'."""
    rng = np.random.default_rng(0)
    lines = []
    for group in range(groups):
        ancestor = rng.choice(list(letters), 20)
        for member in range(3):
            copy = ancestor.copy()
            copy[rng.integers(0, 20)] = rng.choice([*letters[:4], *letters[:3].lower(), "n"])
            insertion = "g" if (group, member) == (0, 0) else "."
            sequence = "".join(copy)
            lines += [f">{group}/{member}", sequence[:9] + insertion + ".", sequence[9:]]
    file.write_text("\n".join(lines) + "\n")
