"""A user's own data as plain text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import torch
from pydantic import Field

from ebmbench_data.heading import Heading
from ebmbench_data.own_dataset import OwnDataset, OwnImages, OwnOptions
from ebmbench_data.own_rows import Numbers, grey_rows
from ebmbench_data.text_table import read_table

MOST_COLUMNS = 1_000_000


class Text(OwnDataset):
    """Your own data as text: a line of numbers per image, with blanks or commas between them.

    Spins, bits or grey levels; tabs or semicolons may stand between them too. Empty lines, and what
    follows a #, do not count. The first line may name the columns, and one column hold labels. A
    share of the rows is held out.
    """

    name = "text"
    shared_rows = 0.2  # of your own rows some may repeat
    labels_remedy = "Leave 'labels' out, or name the column that holds them, as in 'label: last'."

    class Options(OwnOptions):
        heading: Heading = Field(
            "auto",
            description="Whether the first line names the columns; auto: if it is words, or counts "
            "columns of bits",
        )
        label: (
            Annotated[int, Field(ge=0, le=MOST_COLUMNS)]
            | Annotated[str, Field(min_length=1)]
            | None
        ) = Field(
            None,
            description="The column that holds labels: first, last, its name in the heading or its "
            "number, from 0",
        )

    @classmethod
    def examples(cls, folder: Path) -> Sequence[dict[str, Any]]:
        """A file of bits, and one with a heading and labels."""
        bits, labelled = folder / "bits.txt", folder / "labelled.csv"
        rows = np.random.default_rng(0).integers(0, 2, (19, 12))
        np.savetxt(bits, rows, fmt="%d")
        table = np.column_stack([rows, np.arange(19) % 3])
        names = ",".join([*(f"pixel {i}" for i in range(12)), "class"])
        np.savetxt(labelled, table, fmt="%d", delimiter=",", header=names, comments="")
        return [{"file": str(bits)}, {"file": str(labelled), "label": "class", "labels": (0, 2)}]

    def own_images(self) -> OwnImages:
        """What is in the file; its columns go by their numbers there."""
        options, (file,) = self.options, self.files()
        table = read_table(file, options.heading, options.label)
        numbers = Numbers(table.rows, table.places.__getitem__, table.columns)
        labels = None if table.labels is None else torch.from_numpy(table.labels)[None]
        images = grey_rows(numbers, options.white)._replace(labels=labels)
        return OwnImages(numbers, images, remarks=table.remarks)
