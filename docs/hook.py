"""Adds the reference to the site: pages that are written from the code when the site is built."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from properdocs.structure.files import File, Files

sys.path.insert(0, str(Path(__file__).parent))

from reference_pages import pages


def on_files(files: Files, config: Any) -> Files:
    """Called by ProperDocs once it knows the files of ``docs/``."""
    for name, text in pages().items():
        files.append(File.generated(config, f"reference/{name}.md", content=text))
    return files
