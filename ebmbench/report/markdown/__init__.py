"""The report as Markdown."""

from __future__ import annotations

from ebmbench.report.markdown.document import document

__all__ = ["document"]
