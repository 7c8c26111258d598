"""Formulas between dollars, typeset as MathML when the site is built: no script, no font."""

from __future__ import annotations

import re
from typing import Any

from latex2mathml.converter import convert
from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.preprocessors import Preprocessor

INLINE = r"(?<![\\\w$])\$(?=[^\s$])([^$\n]*?[^\s$\\])\$(?![\w$])"
BLOCK = re.compile(r"^\$\$[ ]*\n(.+?)\n\$\$[ ]*$", re.S | re.M)
FUNCTION = re.compile(r"\\(log|cosh|tanh)(?=\s*(?:[A-Za-z0-9]|\\(?:cosh|hat|sum|beta)))")
ABOVE_ESCAPES, BELOW_FENCES = 185, 20  # of the priorities of Python-Markdown


def typeset(formula: str, display: str = "inline") -> str:
    """A formula of LaTeX as MathML, with the space behind the name of a function that TeX makes."""
    return str(convert(FUNCTION.sub(r"\\\1\\,", formula), display=display))


class Formulas(Extension):
    """``$E$`` within a line, and ``$$`` on lines of their own around a formula by itself."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802, the library's name
        md.preprocessors.register(_Block(md), "formulas", BELOW_FENCES)
        md.inlinePatterns.register(_Inline(INLINE, md), "formula", ABOVE_ESCAPES)


class _Block(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        return BLOCK.sub(self._typeset, "\n".join(lines)).split("\n")

    def _typeset(self, found: re.Match[str]) -> str:
        html = f'<div class="formula">{typeset(found[1].strip(), "block")}</div>'
        return f"\n\n{self.md.htmlStash.store(html)}\n\n"


class _Inline(InlineProcessor):
    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Any, int, int]:  # noqa: N802
        return self.md.htmlStash.store(typeset(m[1])), m.start(0), m.end(0)
