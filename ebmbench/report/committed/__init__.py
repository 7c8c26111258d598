"""Reports as they are committed: of no machine, kept notes, and only what changed is written."""

from __future__ import annotations

from ebmbench.report.committed.folder import Changes, require_report, settled
from ebmbench.report.committed.of_no_machine import of_no_machine, plain_command
from ebmbench.report.committed.publish import NOTES, SUITE, Stored, publish
from ebmbench.report.committed.suite_text import suite_text

__all__ = [
    "NOTES",
    "SUITE",
    "Changes",
    "Stored",
    "of_no_machine",
    "plain_command",
    "publish",
    "require_report",
    "settled",
    "suite_text",
]
