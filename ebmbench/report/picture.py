"""A picture of the report."""

from __future__ import annotations

from typing import NamedTuple


class Picture(NamedTuple):
    """A figure of the report: a file beside the Markdown, and what it shows."""

    file: str
    dataset: str
    caption: str

    @property
    def shows(self) -> str:
        """What the caption begins with: in place of the picture, for those who do not see it."""
        return self.caption.partition(": ")[0]
