"""Where blocks of cells stand in their training, as safetensors: one file for each, written whole.

The file's header says in JSON whose it is and how its tensors belong together. Like records,
checkpoints are data: nothing is unpickled, and one that cannot be read is told and left.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ebmbench.errors import Problem
from ebmbench.journal.stored import UnreadableError
from ebmbench.journal.whole_file import write_bytes

if TYPE_CHECKING:  # torch: what only reads records does without
    from torch import Tensor

FORMAT = "1"
REMEDY = "Delete it; its cells are trained from the beginning then."


class Checkpoint(NamedTuple):
    """What a file says of itself.

    Attributes:
        file: where it is.
        cells: the ids of the cells whose training it is, in their order.
        epoch, epochs: how far the training is, and how far it is to go.
        tree: how the tensors belong together.
    """

    file: Path
    cells: tuple[str, ...]
    epoch: int
    epochs: int
    tree: list[Any]


class Checkpoints:
    """The folder ``checkpoints`` of a run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "checkpoints"

    def write(
        self,
        cells: Sequence[str],
        reached: tuple[int, int],
        standing: tuple[list[Any], dict[str, Tensor]],
    ) -> None:
        """Store where the training of some cells stands, in place of what was stored before."""
        from safetensors.torch import save

        tree, tensors = standing
        about = {"cells": [*cells], "epoch": reached[0], "epochs": reached[1], "tree": tree}
        metadata = {"format": FORMAT, "checkpoint": json.dumps(about, allow_nan=False)}
        write_bytes(self._file(cells), save(tensors, metadata=metadata))

    def drop(self, cells: Sequence[str]) -> None:
        """Remove the checkpoint of these cells, where there is one."""
        self._file(cells).unlink(missing_ok=True)

    def files(self) -> list[Path]:
        """All there are."""
        return sorted(self.folder.glob("*.safetensors"))

    def __iter__(self) -> Iterator[Checkpoint | UnreadableError]:
        """All there are, or why one cannot be read."""
        for file in self.files():
            try:
                yield read(file)
            except UnreadableError as error:
                yield error

    def tensors(self, checkpoint: Checkpoint) -> dict[str, Tensor]:
        """The tensors of a checkpoint by name.

        Raises:
            UnreadableError: they cannot be read.
        """
        from safetensors import SafetensorError, safe_open

        try:
            with safe_open(checkpoint.file, "torch") as found:
                return {name: found.get_tensor(name) for name in found.keys()}  # noqa: SIM118
        except (SafetensorError, OSError) as error:
            raise _unreadable(checkpoint.file, str(error)) from None

    def _file(self, cells: Sequence[str]) -> Path:
        return self.folder / f"{cells[0]}-{len(cells)}.safetensors"


def read(file: Path) -> Checkpoint:
    """What a checkpoint says of itself; its tensors are left where they are.

    Raises:
        UnreadableError: it is none, or of another format.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(file, "torch") as found:
            metadata = found.metadata() or {}
        if (format_ := metadata.get("format")) != FORMAT:
            raise _unreadable(file, f"of format {format_}, not {FORMAT}")
        match json.loads(metadata.get("checkpoint", "")):
            case {"cells": [*cells], "epoch": int(epoch), "epochs": int(epochs), "tree": [*tree]}:
                if cells and all(isinstance(each, str) for each in cells):
                    return Checkpoint(file, tuple(cells), epoch, epochs, tree)
        raise _unreadable(file, "its header says no cells, or not where they stand")
    except (SafetensorError, OSError, ValueError, RecursionError) as error:
        raise _unreadable(file, str(error)) from None


def _unreadable(file: Path, why: str) -> UnreadableError:
    return UnreadableError(Problem(str(file), "", f"not a checkpoint: {why}", REMEDY))
