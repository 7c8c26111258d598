"""Names of files, made of names that people give."""

from __future__ import annotations

import re
from hashlib import sha256

LONGEST = 80  # letters of a part; file systems take 255 bytes
CONFUSABLE = re.compile(r"[^a-z0-9._=]")  # what may stand in one file's name for another's


def readable(name: str) -> str:
    """The name with letters that any file system takes, and not too many; others may share it."""
    return re.sub(r"[^A-Za-z0-9.=_-]+", "-", name).strip("-.")[:LONGEST]


def file_name(*names: str) -> str:
    """The names as one for a file: readable, of bounded length, and no other names' file.

    A digest is added wherever something was replaced or cut off, or might be taken for what is
    between two names, or where a file system does not tell capitals from small letters.
    """
    spelt = readable("-".join(names))
    if spelt and spelt == "-".join(names) and not any(map(CONFUSABLE.search, names)):
        return spelt
    digest = sha256("\0".join(names).encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{spelt}-{digest}" if spelt else digest
