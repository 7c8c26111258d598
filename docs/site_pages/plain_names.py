"""A report's Markdown as the site's reader of Markdown has to have it, so that names stay text.

A code host takes ``\\<`` for a letter. Python-Markdown leaves the tag as it is, and takes what
stands in braces for attributes. Code and formulas are left alone.
"""

from __future__ import annotations

import re

KEPT = re.compile(
    r"^(?P<fence>`{3,}|~{3,}).*?^(?P=fence)[`~]*[ ]*$"
    r"|(?<![\\`])(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)"
    r"|^\$\$[ ]*\n.+?\n\$\$[ ]*$"
    r"|(?<![\\\w$])\$(?=[^\s$])[^$\n]*?[^\s$\\]\$(?![\w$])",
    re.MULTILINE | re.DOTALL,
)
ESCAPE = re.compile(r"\\(.)|([{}])")
ENTITIES = {"<": "&lt;", "&": "&amp;", "{": "&#123;", "}": "&#125;"}


def plain_names(markdown: str) -> str:
    """The same with entities for tags and braces that are to be text."""
    parts, at = [], 0
    for kept in KEPT.finditer(markdown):
        parts += [_with_entities(markdown[at : kept.start()]), kept[0]]
        at = kept.end()
    return "".join([*parts, _with_entities(markdown[at:])])


def _with_entities(text: str) -> str:
    return ESCAPE.sub(lambda found: ENTITIES.get(found[1] or found[2], found[0]), text)
