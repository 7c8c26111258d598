"""Where numba keeps machine code between runs, and what is done where it cannot.

numba's own cache looks at one file, and ends the program where nothing can be written: a read-only
installation without a home, a full disk, an index that another program cut short. Here code that
cannot be kept is compiled again, with one line that says so.
"""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path
from typing import Any

NUMERICS = Path(__file__).parent  # compiled functions of any package may call those of this one
SAID = "EBMBENCH_CODE_IS_NOT_KEPT"  # in the environment, so that workers do not say it again
REMEDY = "it is compiled again at each start. NUMBA_CACHE_DIR may name a folder for it"


def say_if_not_kept() -> None:
    """Say it here, where worker processes are about to find out one by one."""
    package_cache(say_if_not_kept)


def package_cache(function: Any) -> Any:
    """numba's cache, stamped with all Python files of the function's folder and of ``numerics``."""
    from numba.core.caching import FunctionCache, NullCache

    try:
        found = FunctionCache(function)  # type: ignore[no-untyped-call]
    except RuntimeError:  # no folder can be written
        _say_once("no folder for it can be written")
        return NullCache()
    folder = Path(function.__code__.co_filename).parent
    found._cache_file = _cache_file()(
        cache_path=found._cache_path,
        filename_base=found._impl.filename_base,
        source_stamp=(*_stamp(folder), *_stamp(NUMERICS)),
    )
    return found


@cache
def _cache_file() -> Any:
    """numba's class of an index and its data, with the disk's troubles left out."""
    from numba.core.caching import IndexDataCacheFile

    class ForgivingCacheFile(IndexDataCacheFile):
        def load(self, key: Any) -> Any:
            try:
                return super().load(key)  # type: ignore[no-untyped-call]
            except Exception:  # what a pickle that was cut short or overwritten raises is anything
                return None

        def _load_index(self) -> Any:
            try:
                return super()._load_index()  # type: ignore[no-untyped-call]
            except Exception:
                return {}

        def save(self, key: Any, data: Any) -> None:
            try:
                super().save(key, data)  # type: ignore[no-untyped-call]
            except OSError as error:
                _say_once(f"{error.filename or 'the disk'}: {error.strerror}")

    return ForgivingCacheFile


def _say_once(why: str) -> None:
    if SAID not in os.environ:
        os.environ[SAID] = "1"
        print(f"Compiled code is not kept ({why}): {REMEDY}.", file=sys.stderr)


@cache
def _stamp(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Name, time and size of all Python files in a folder."""
    files = sorted(folder.glob("*.py"))
    return tuple((each.name, each.stat().st_mtime_ns, each.stat().st_size) for each in files)
