"""Which installed plugins are loaded: what the environment leaves out."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

ONLY = "EBMBENCH_PLUGINS"  # names of the plugins to load, separated by commas; unset for all
NO_THIRD_PARTY = "EBMBENCH_NO_THIRD_PARTY"  # 1 to load the built-in plugins only


@contextmanager
def no_third_party() -> Iterator[None]:
    """Only the built-in plugins, here and in the processes started from here."""
    before = os.environ.get(NO_THIRD_PARTY)
    os.environ[NO_THIRD_PARTY] = "1"
    try:
        yield
    finally:
        del os.environ[NO_THIRD_PARTY]
        if before is not None:
            os.environ[NO_THIRD_PARTY] = before
