"""The report as Markdown."""

from __future__ import annotations

from ebmbench.report.markdown.document import Beside, document
from ebmbench.report.markdown.short import short

__all__ = ["Beside", "document", "short"]
