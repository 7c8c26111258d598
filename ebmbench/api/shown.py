"""Reports and comparisons as a notebook shows them."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt

from ebmbench.compare import Compared
from ebmbench.compare.markdown import markdown


@dataclass(frozen=True)
class Report:
    """A written report.

    Attributes:
        path: of its Markdown; the pictures are beside it.
    """

    path: Path

    @property
    def markdown(self) -> str:
        """The report's text."""
        return self.path.read_text(encoding="utf-8")

    def __str__(self) -> str:
        return self.markdown

    def _repr_markdown_(self) -> str:
        return self.markdown

    def _repr_html_(self) -> str:
        return re.sub(r'src="([^":]+\.png)"', self._embedded, _html(self.markdown))

    def _embedded(self, found: re.Match[str]) -> str:
        """A picture within the page: a notebook is read elsewhere than it was made."""
        picture = self.path.parent / found[1]
        if not picture.is_file():
            return found[0]
        return f'src="data:image/png;base64,{base64.b64encode(picture.read_bytes()).decode()}"'


@dataclass(frozen=True)
class Comparison:
    """A run held against another.

    Attributes:
        compared: values, verdicts, gates, and what was lost.
    """

    compared: Compared

    @property
    def markdown(self) -> str:
        """The comparison as text."""
        return markdown(self.compared)

    def exit_code(self, strict: bool = False) -> int:
        """As of ``ebmbench compare``: 0 fine, 1 a gate failed, 3 cells lost, 4 inconclusive."""
        return self.compared.exit_code(strict)

    def __str__(self) -> str:
        return self.markdown

    def _repr_markdown_(self) -> str:
        return self.markdown

    def _repr_html_(self) -> str:
        return _html(self.markdown)


def _html(text: str) -> str:
    return str(MarkdownIt("commonmark").enable("table").render(text))
