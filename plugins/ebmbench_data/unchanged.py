"""Files that are read once in a process, as long as they stay as they are."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from ebmbench import DataError
from ebmbench_data.own_path import check_the_path

T = TypeVar("T")
P = ParamSpec("P")


def read_once(read: Callable[Concatenate[Path, P], T]) -> Callable[Concatenate[Path, P], T]:
    """``read``, whose last four answers are kept until their files change.

    A file that cannot be opened is a DataError.
    """

    @lru_cache(maxsize=4)
    def remembered(status: tuple[int, int], file: Path, *how: Any, **named: Any) -> T:
        return read(file, *how, **named)

    @wraps(read)
    def reading(file: Path, /, *how: P.args, **named: P.kwargs) -> T:
        try:
            status = _status(file)
            return remembered(status, file, *how, **named)  # type: ignore[arg-type] # hashable
        except OSError as error:
            problem = f"cannot be read ({error.strerror})"
            raise DataError(str(file), problem, check_the_path(file)) from error

    return reading


def _status(file: Path) -> tuple[int, int]:
    """What changes when the file does."""
    try:
        status = file.stat()
    except ValueError as error:  # a path with a null character, say
        raise DataError(repr(str(file)), f"no path ({error})", "Check the path.") from error
    return status.st_mtime_ns, status.st_size
