"""Files that may be packed with gzip."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

from ebmbench import DataError

GZIP = b"\x1f\x8b"
AGAIN = "Get the file again."


def content_of(file: Path) -> bytes:
    """What a file holds, unpacked if its beginning says that it is packed.

    Raises:
        DataError: what it was packed with is broken.
    """
    try:
        content = file.read_bytes()
        return gzip.decompress(content) if content.startswith(GZIP) else content
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(str(file), f"its gzip is broken ({error})", AGAIN) from error


def packed_or_plain(folder: Path, name: str) -> Path | None:
    """The file of this name, gzip or plain; None if there is none."""
    return next((file for end in (".gz", "") if (file := folder / f"{name}{end}").is_file()), None)
