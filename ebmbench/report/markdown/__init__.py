"""The report as Markdown."""

from __future__ import annotations

from ebmbench.report.markdown.document import document
from ebmbench.report.markdown.short import short

__all__ = ["document", "short"]
