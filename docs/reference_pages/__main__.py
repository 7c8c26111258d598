"""``python docs/reference_pages``: write the reference again, into ``docs/reference/``."""

from __future__ import annotations

import sys
from pathlib import Path

DOCS = Path(__file__).parents[1]
sys.path.insert(0, str(DOCS))

from reference_pages import pages  # noqa: E402

for name, text in pages().items():
    (DOCS / "reference" / f"{name}.md").write_text(text, encoding="utf-8")
