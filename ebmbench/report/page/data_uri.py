"""Files within a page."""

from __future__ import annotations

import base64


def data_uri(content: bytes, kind: str) -> str:
    """``data:image/png;base64,...``."""
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"
