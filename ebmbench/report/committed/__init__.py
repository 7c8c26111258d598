"""Reports as they are committed: of no machine, kept notes, and only what changed is written."""

from __future__ import annotations

from ebmbench.report.committed.folder import Changes, require_report, settled
from ebmbench.report.committed.of_no_machine import of_no_machine, plain_command
from ebmbench.report.committed.suite_text import suite_text

NOTES = "notes.md"
"""What people write of a report; it is kept, and stands in the report below its title."""

SUITE = "suite.yaml"
"""The suite that was run."""

__all__ = [
    "NOTES",
    "SUITE",
    "Changes",
    "of_no_machine",
    "plain_command",
    "require_report",
    "settled",
    "suite_text",
]
