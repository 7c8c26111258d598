"""The sets of bits that density estimators are compared on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from pydantic import Field, model_validator
from torch import Tensor

from ebmbench import DataError, Dataset, Noise, Splits
from ebmbench_data.bit_table import Bits, read_bits
from ebmbench_data.debd_example import write_example
from ebmbench_data.debd_files import Side, locate
from ebmbench_data.image_shape import kept


class DEBD(Dataset):
    """A set of the density-estimation collection: nltcs, msnbc, plants, dna, ...; rows of bits.

    Columns that are 0 or 1 in the files, and the spins v = 2 bit - 1 here: a likelihood of the
    spins is that of the bits, so published numbers compare as they are. The splits into rows to
    train on, to validate with and to test on are the collection's own. Of nltcs (16 columns) and
    msnbc (17) all states can be enumerated.

    Lowd and Davis 2010; Larochelle and Murray 2011; Van Haaren and Davis 2012. The files are read
    from ``folder`` or ``$EBMBENCH_DATA``, as NAME.train.data, NAME.valid.data and NAME.test.data,
    gzip or plain; nothing is fetched. Rows have no order in the plane: an image is one row, and a
    reconstruction is given its left half.
    """

    name = "debd"
    cites = ("lowd2010", "larochelle2011", "vanhaaren2012")

    class Options(Dataset.Options):
        set: str = Field(
            min_length=1,
            pattern=r"^[\w-]+$",
            description="Which set, as its files are called: nltcs, plants, dna, ...",
        )
        folder: str | None = Field(
            None, description="Where the files are, or their folders; by default $EBMBENCH_DATA"
        )
        held_out: Literal["test", "valid"] = Field(
            "test", description="The rows to test on: the test rows, or those to validate with"
        )
        train_on: Literal["train", "train+valid"] = Field(
            "train", description="The rows to train on; those to validate with may join them"
        )
        train: int | None = Field(
            None, ge=1, le=100_000_000, description="Take so many rows to train on, the first"
        )
        test: int | None = Field(
            None, ge=1, le=100_000_000, description="Take so many rows to test on, the first"
        )

        @model_validator(mode="after")
        def _nothing_is_on_both_sides(self) -> DEBD.Options:
            if (self.held_out, self.train_on) == ("valid", "train+valid"):
                raise ValueError("rows that are trained on cannot be held out: held_out: test")
            return self

    @classmethod
    def examples(cls, folder: Path) -> Sequence[dict[str, Any]]:
        """Three small files, one of them packed, in a folder of the set's name."""
        write_example(folder / "coins")
        return [{"set": "coins", "folder": str(folder)}]

    def files(self) -> list[Path]:
        """The files of the sides that are used."""
        sides: list[Side] = [*self._trained_on(), self.options.held_out]
        return [locate(self.options.set, side, self.options.folder) for side in sides]

    def load(self, noise: Noise) -> Splits:
        *trained_on, held_out = self.files()
        tables = [read_bits(file) for file in (*trained_on, held_out)]
        for file, table in zip((*trained_on, held_out), tables, strict=True):
            _as_wide(table, tables[0], file)
        train, test = np.concatenate(tables[:-1]), tables[-1]
        train = _first(train, self.options.train, "train", trained_on[0])
        test = _first(test, self.options.test, "test", held_out)
        shape = (1, train.shape[1])
        return Splits(
            _spins(train, noise), _spins(test, noise), shape, kept("left-half", shape, noise.device)
        )

    def _trained_on(self) -> tuple[Side, ...]:
        return ("train",) if self.options.train_on == "train" else ("train", "valid")


def _as_wide(table: Bits, first: Bits, file: Path) -> None:
    if table.shape[1] != first.shape[1]:
        problem = f"rows of {table.shape[1]} bits, where those to train on have {first.shape[1]}"
        raise DataError(str(file), problem, "Get all files of the set from one source.")


def _first(table: Bits, n: int | None, option: str, file: Path) -> Bits:
    if n is not None and n > len(table):
        problem = f"'{option}: {n}' asks for more than the {len(table)} rows there are"
        raise DataError(str(file), problem, f"Lower '{option}'.")
    return table[:n]


def _spins(bits: Bits, noise: Noise) -> Tensor:
    """(R, N, V), expanded: all replicas share the rows."""
    spins = 2 * torch.from_numpy(bits).to(noise.device).float() - 1
    return spins.expand(noise.replicas, -1, -1)
