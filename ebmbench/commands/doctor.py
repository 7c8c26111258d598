"""``ebmbench doctor``."""

from __future__ import annotations

from rich.console import Console

from ebmbench.commands.options import AsJson, emit


def doctor(as_json: AsJson = False) -> None:
    """Show what this machine and this installation can do, and what is broken."""
    from ebmbench.commands.inspection.installation import examined
    from ebmbench.commands.screens.doctor import show_doctor

    content = examined()
    emit(content, as_json, lambda: show_doctor(content, Console()))
