"""How comparisons and gates are decided: what the modules that decide them say."""

from __future__ import annotations

import inspect
from types import ModuleType

from reference_pages.markdown import prose


def decisions_page(statistics: ModuleType, gates: ModuleType) -> str:
    """The modules' docstrings, and the numbers that they go by."""
    numbers = "\n".join(
        f"- `{name} = {getattr(statistics, name):,}`: {comment}"
        for name, comment in constants(statistics).items()
    )
    about = prose(inspect.getdoc(statistics) or "")
    return "\n\n".join(
        [
            "# How comparisons are decided",
            about,
            "The numbers it goes by:",
            numbers,
            "## Gates of `ebmbench compare`",
            prose(inspect.getdoc(gates) or ""),
            "",
        ]
    )


def constants(module: ModuleType) -> dict[str, str]:
    """Its constants and the comments behind them."""
    lines = (line.partition("  # ") for line in inspect.getsource(module).splitlines())
    return {
        code.split(" = ")[0]: comment
        for code, mark, comment in lines
        if mark and " = " in code and code.split(" = ")[0].isupper()
    }
