"""Compiled functions that are kept between runs, until any of their sources changes.

numba's own cache looks at the file of the cached function alone: code that it calls from another
file may change and the old machine code would go on being used.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from numba.core.caching import FunctionCache, IndexDataCacheFile

NUMERICS = Path(__file__).parent  # compiled functions of any package may call those of this one


def kept(function: Any) -> Any:
    """Keep a compiled function (what ``njit`` returns) until a source of its package changes."""
    function._cache = _PackageCache(function.py_func)
    return function


class _PackageCache(FunctionCache):
    """Stamped with all Python files of the function's folder and of ``numerics``."""

    def __init__(self, function: Any) -> None:
        super().__init__(function)  # type: ignore[no-untyped-call]
        folder = Path(function.__code__.co_filename).parent
        self._cache_file = IndexDataCacheFile(  # type: ignore[no-untyped-call]
            cache_path=self._cache_path,
            filename_base=self._impl.filename_base,
            source_stamp=(*_stamp(folder), *_stamp(NUMERICS)),
        )


@cache
def _stamp(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Name, time and size of all Python files in a folder."""
    files = sorted(folder.glob("*.py"))
    return tuple((each.name, each.stat().st_mtime_ns, each.stat().st_size) for each in files)
