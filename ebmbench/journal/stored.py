"""Documents as files of JSON: written whole, and read only where they are what they should be."""

from __future__ import annotations

import json
import re
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import TypeVar

from pydantic import ValidationError

from ebmbench.errors import ConfigError, Problem
from ebmbench.journal.documents import FORMAT, CellRecord, RunDocument
from ebmbench.journal.whole_file import write_bytes

D = TypeVar("D", CellRecord, RunDocument)

NAMES = {CellRecord: "a cell's record", RunDocument: "a run's description"}
ESCAPED_CONTROL = re.compile(
    r"(?<!\\)(?:\\\\)*\\"
    r"(?:u00[0189][0-9a-f]|u007f|[bfr]|u061c|u200[ef]|u202[89a-e]|u206[6-9])"
)
"""A control character as JSON has it: a terminal would obey it, and ebmbench writes none.

What only has no width may stand in names, which scripts and emoji are written with.
"""
LARGEST = 256 << 20  # bytes of a document that is read at all
REMEDY = "Delete it; the command that ran the suite makes it again."


class UnreadableError(ConfigError):
    """A file is no document that this version of ebmbench reads; ``problem`` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


def write_document(file: Path, document: CellRecord | RunDocument) -> None:
    """Write a document; what a terminal would obey is spelt out in it."""
    text = json.dumps(document.model_dump(mode="json"), indent=1, allow_nan=False) + "\n"
    write_bytes(file, ESCAPED_CONTROL.sub(_spelt_out, text).encode("utf-8"))


def read_record(file: Path) -> CellRecord | None:
    """A cell's record, which is called as its file is; None where there is no file.

    Raises:
        UnreadableError: as :func:`read_document` says, or it is another cell's.
    """
    try:
        record = read_document(CellRecord, file)
    except FileNotFoundError:
        return None
    if record.id != file.stem:
        raise unreadable(file, f"not a cell's record: id: '{record.id}' is not the file's name")
    return record


def read_document(kind: type[D], file: Path) -> D:
    """A document of this kind.

    Raises:
        UnreadableError: the file cannot be read, is of another format, or is not such a document.
        FileNotFoundError: there is no file.
    """
    what = NAMES[kind]
    try:
        about = file.stat()
        if not (S_ISREG(about.st_mode) or S_ISDIR(about.st_mode)):  # a pipe is waited for
            raise unreadable(file, f"not {what}: no file but a pipe or a device")
        if about.st_size > LARGEST:
            raise unreadable(file, f"not {what}: larger than {LARGEST >> 20} MiB")
        content = json.loads(file.read_text(encoding="utf-8"))
        text = json.dumps(content, allow_nan=False)
    except FileNotFoundError:
        raise
    except (ValueError, OSError, RecursionError) as error:
        raise unreadable(file, f"not {what}: {_reason(error)}") from None
    if ESCAPED_CONTROL.search(text):
        raise unreadable(file, f"not {what}: it holds a control character")
    if not isinstance(content, dict) or type(content.get("format")) is not int:
        raise unreadable(file, f"not {what}: it says no format")
    if content["format"] != FORMAT:
        raise _other_format(file, what, content["format"])
    try:
        return kind.model_validate_json(text, strict=True)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise unreadable(file, f"not {what}: {where}: {first['msg']}") from None


def unreadable(file: Path, problem: str) -> UnreadableError:
    """What is said of a file that is not what it should be."""
    return UnreadableError(Problem(str(file), "", problem, REMEDY))


def _spelt_out(found: re.Match[str]) -> str:
    """The escaped control character with another backslash, which makes it mere letters."""
    before, _, code = found[0].rpartition("\\")
    return f"{before}\\\\{code}"


def _other_format(file: Path, what: str, found: int) -> UnreadableError:
    problem = f"{what} of format {found}, and this version of ebmbench reads format {FORMAT}"
    older = "Give the command that ran the suite again: it makes a new one."
    newer = "Use the version of ebmbench that wrote it, or a newer one."
    return UnreadableError(Problem(str(file), "", problem, older if found < FORMAT else newer))


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"it is no JSON (line {error.lineno}, column {error.colno})"
    if isinstance(error, UnicodeDecodeError):
        return "it is no UTF-8 text"
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    return getattr(error, "strerror", None) or str(error)
