"""Files that are read once in a process, as long as they stay as they are."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from pathlib import Path
from typing import TypeVar

from ebmbench import DataError

T = TypeVar("T")


def read_once(read: Callable[[Path], T]) -> Callable[[Path], T]:
    """``read``, whose answers for the last four files are kept until a file changes.

    A file that cannot be opened is a DataError.
    """

    @lru_cache(maxsize=4)
    def remembered(file: Path, changed: int, size: int) -> T:
        return read(file)

    @wraps(read)
    def reading(file: Path) -> T:
        try:
            status = file.stat()
            return remembered(file, status.st_mtime_ns, status.st_size)
        except OSError as error:
            problem = f"cannot be read ({error.strerror})"
            raise DataError(str(file), problem, "Check the path.") from error

    return reading
