"""Files that are written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from uuid import uuid4


def write_bytes(file: Path, content: bytes) -> None:
    """Write all of the file or nothing: a temporary, fsync, rename.

    The temporary is made as any new file is, so that the user's umask says who may read it.

    Raises:
        OSError: it cannot be written; names the file.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.parent / f".{uuid4().hex}.tmp"
    try:
        with temporary.open("xb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(file)
    except BaseException as error:
        temporary.unlink(missing_ok=True)
        if isinstance(error, OSError):  # of the file that was asked for, not the temporary
            raise OSError(error.errno, error.strerror, str(file)) from error
        raise


def write_text(file: Path, text: str) -> None:
    """Write all of the file in UTF-8, or nothing."""
    write_bytes(file, text.encode())
