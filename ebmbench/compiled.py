"""Compiled functions that are kept between runs, until any of their sources changes.

numba's own cache looks at the file of the cached function alone: code that it calls from another
file may change and the old machine code would go on being used.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from numba.core.caching import FunctionCache, IndexDataCacheFile

from ebmbench import philox

CALLED = (Path(philox.__file__), Path(__file__).with_name("mean_spin.py"))  # from any package


def kept(function: Any) -> Any:
    """Keep a compiled function (what ``njit`` returns) until a source of its package changes."""
    function._cache = _PackageCache(function.py_func)
    return function


class _PackageCache(FunctionCache):
    """Stamped with all Python files of the function's folder, and with those that all may call."""

    def __init__(self, function: Any) -> None:
        super().__init__(function)  # type: ignore[no-untyped-call]
        folder = Path(function.__code__.co_filename).parent
        self._cache_file = IndexDataCacheFile(  # type: ignore[no-untyped-call]
            cache_path=self._cache_path,
            filename_base=self._impl.filename_base,
            source_stamp=sum(map(_stamp, (folder, *CALLED)), ()),
        )


@cache
def _stamp(path: Path) -> tuple[tuple[str, int, int], ...]:
    """Name, time and size of a file, or of all Python files in a folder."""
    files = sorted(path.glob("*.py")) if path.is_dir() else [path]
    return tuple((each.name, each.stat().st_mtime_ns, each.stat().st_size) for each in files)
