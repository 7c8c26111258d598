"""The arrays of a cell, pictures or parameters, as safetensors: nothing is unpickled."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ebmbench.errors import Problem
from ebmbench.journal.stored import UnreadableError
from ebmbench.journal.whole_file import write_bytes

if TYPE_CHECKING:  # torch: what only reads records does without
    from torch import Tensor


def write_arrays(file: Path, arrays: dict[str, Tensor], id_: str) -> None:
    from safetensors.torch import save

    if arrays:
        write_bytes(file, save(arrays, metadata={"cell": id_}))


def read_arrays(file: Path, id_: str) -> dict[str, Tensor]:
    """The arrays of a cell.

    Raises:
        UnreadableError: the file cannot be read, or is another cell's.
    """
    from safetensors import SafetensorError, safe_open

    if not file.is_file():
        return {}
    remedy = "Delete it and its record; the command that ran the suite makes them again."
    try:
        with safe_open(file, "torch") as found:
            owner = (found.metadata() or {}).get("cell")
            arrays = {name: found.get_tensor(name) for name in found.keys()}  # noqa: SIM118
    except (SafetensorError, OSError) as error:
        problem = f"not the arrays of a cell: {error}"
        raise UnreadableError(Problem(str(file), "", problem, remedy)) from None
    if owner != id_:
        problem = f"holds the arrays of another cell, '{owner}'"
        raise UnreadableError(Problem(str(file), "", problem, remedy))
    return arrays
