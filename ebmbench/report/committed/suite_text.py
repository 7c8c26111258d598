"""The suite of a run as a file beside its report."""

from __future__ import annotations

from ebmbench.journal.documents import RunDocument


def suite_text(run: RunDocument) -> str:
    """The suite as it was written, and the command that ran it; "" where it was not stored."""
    if not run.text:
        return ""
    command = " ".join(run.command.split("\n"))
    return f"{run.text.rstrip()}\n\n# It ran so, with the digest {run.digest}:\n#   {command}\n"
