"""How comparisons and gates are decided: what the modules that decide them say."""

from __future__ import annotations

import inspect
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from reference_pages.markdown import prose

CHAPTERS = {"mean": "Means and tied values", "evidence": "Differences, lost seeds and p"}


def decisions_page(statistics: ModuleType, gates: ModuleType) -> str:
    """The modules' docstrings, and the numbers that they go by."""
    package = statistics.__name__
    modules = [import_module(f"{package}.{m.name}") for m in iter_modules(statistics.__path__)]
    chapters = [
        f"## {title}\n\n{_about(import_module(f'{package}.{name}'))}"
        for name, title in CHAPTERS.items()
    ]
    return "\n\n".join(
        [
            "# How comparisons are decided",
            _about(statistics),
            "The numbers it goes by:",
            "\n".join(
                f"- `{name} = {getattr(module, name):,}`: {comment}"
                for module in modules
                for name, comment in constants(module).items()
            ),
            *chapters,
            "## Gates of `ebmbench compare`",
            _about(gates),
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


def _about(module: ModuleType) -> str:
    return prose(inspect.getdoc(module) or "")
