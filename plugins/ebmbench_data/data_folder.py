"""The folder where a user keeps data."""

from __future__ import annotations

import os
from pathlib import Path

from ebmbench_data.own_path import own_path

VARIABLE = "EBMBENCH_DATA"


def data_folders(name: str) -> tuple[Path, ...]:
    """``$EBMBENCH_DATA``, and before it the folder in it of this name; none if it is not set."""
    given = os.environ.get(VARIABLE)
    return (own_path(given) / name, own_path(given)) if given else ()
