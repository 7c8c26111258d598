"""What a file is instead of what it should be, told by how it begins."""

from __future__ import annotations

import re

PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head)\b", re.I | re.S
)
LONGEST = 4096
BEGINNINGS = {
    b"PK\x03\x04": "a zip archive, as npz and xlsx files are",
    b"\x1f\x8b": "a gzip file",
    b"BZh": "a bzip2 file",
    b"\xfd7zXZ\x00": "an xz file",
    b"\x93NUMPY": "an npy file, one array alone",
    b"\x89HDF": "an HDF5 file",
    b"%PDF": "a PDF file",
    b"\xff\xfe": "UTF-16 text, by its byte-order mark",
    b"\xfe\xff": "UTF-16 text, by its byte-order mark",
    b"version https://git-lfs": "a Git LFS pointer, in the place of a file that was not fetched",
}


def kind_of(content: bytes) -> str | None:
    """``an HTML page``, for instance; None where the beginning tells nothing."""
    if PAGE.match(content[:LONGEST]):
        return "an HTML page, as a download that failed leaves"
    return next((kind for start, kind in BEGINNINGS.items() if content.startswith(start)), None)


def and_is(content: bytes) -> str:
    """An addition to a message: ``; it is an HTML page``, or nothing."""
    kind = kind_of(content)
    return f"; it is {kind}" if kind else ""
