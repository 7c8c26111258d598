"""Files of a run on their way between machines that share no folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from ebmbench.journal.whole_file import write_bytes

FOLDERS = ("cells", "checkpoints")
Seen = Mapping[Path, tuple[int, int]]
"""When files were changed last, and how long they are."""


class Parcel(NamedTuple):
    """Files, whole, by their folder and name."""

    files: Mapping[tuple[str, str], bytes]

    @classmethod
    def of(cls, files: Sequence[Path]) -> Parcel:
        """Files of a run."""
        return cls({(file.parent.name, file.name): file.read_bytes() for file in files})

    @classmethod
    def of_news(cls, run: Path, seen: Seen) -> tuple[Parcel, Seen]:
        """The files of a run that are not as they were seen, and how they are seen now."""
        now = {file: (at.st_mtime_ns, at.st_size) for file in _files(run) for at in [file.stat()]}
        return cls.of([file for file, at in now.items() if seen.get(file) != at]), now

    def unpack(self, run: Path, cells: Sequence[str]) -> Seen:
        """Write the files into the folder of a run: records after what they speak of.

        What is not named after one of the cells has no business there, and is left out.
        """
        whose = {name for cell in cells for name in (cell, f"{cell}-{len(cells)}")}
        for (folder, name), content in sorted(self.files.items(), key=_records_last):
            stem = name.removesuffix(".json").removesuffix(".safetensors")
            if folder in FOLDERS and stem.removesuffix(".parameters") in whose:
                write_bytes(run / folder / name, content)
        return {file: (at.st_mtime_ns, at.st_size) for file in _files(run) for at in [file.stat()]}


EMPTY = Parcel({})


def _files(run: Path) -> Iterator[Path]:
    """Those that are finished, records last."""
    for folder in reversed(FOLDERS):
        yield from sorted((run / folder).glob("[!.]*.safetensors"))
    yield from sorted((run / "cells").glob("[!.]*.json"))


def _records_last(item: tuple[tuple[str, str], bytes]) -> tuple[bool, str]:
    return item[0][1].endswith(".json"), item[0][1]
