"""What tasks tell, from one process to another, by files: no lock that a killed process holds.

Each task has a file of its own, to which its messages are appended; what a process was killed amid
is no message.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

LENGTH = 8  # bytes that say how long a message is


class Messages:
    """The files of messages, by the numbers of tasks."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._read: dict[int, int] = {}

    def teller(self, number: int) -> Callable[[Any], None]:
        """In the worker: what tells something of a task."""
        file = self._file(number)

        def tell(what: Any) -> None:
            message = pickle.dumps(what)
            with file.open("ab") as stream:
                stream.write(len(message).to_bytes(LENGTH, "big") + message)

        return tell

    def news(self, number: int) -> Iterator[Any]:
        """What a task has told since this was asked last."""
        with suppress(OSError), self._file(number).open("rb") as stream:
            stream.seek(self._read.get(number, 0))
            while len(head := stream.read(LENGTH)) == LENGTH:
                length = int.from_bytes(head, "big")
                if len(message := stream.read(length)) < length:
                    break
                self._read[number] = stream.tell()
                yield pickle.loads(message)

    def drop(self, number: int) -> None:
        """Remove a task's file."""
        self._file(number).unlink(missing_ok=True)
        self._read.pop(number, None)

    def _file(self, number: int) -> Path:
        return self.folder / f"{number}.messages"
