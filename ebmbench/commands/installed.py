"""``ebmbench list``, ``info``, ``plugins`` and ``schema``: what is installed."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer
from rich.console import Console

from ebmbench.commands.options import AsJson, Output, emit


def list_(as_json: AsJson = False) -> None:
    """List the installed components by family."""
    from ebmbench.commands.inspection.catalogue import catalogue
    from ebmbench.commands.screens.installed import show_catalogue
    from ebmbench.interfaces.installed.registry import Registry

    content = catalogue(Registry.discover())
    emit(content, as_json, lambda: show_catalogue(content, Console()))


def plugins(as_json: AsJson = False) -> None:
    """List the installed plugins: who brings what, and what is broken and why."""
    from ebmbench.commands.inspection.catalogue import plugins as all_plugins
    from ebmbench.commands.screens.installed import show_plugins
    from ebmbench.interfaces.installed.registry import Registry

    content = all_plugins(Registry.discover())
    emit(content, as_json, lambda: show_plugins(content, Console()))


def info(
    family: Annotated[str, typer.Argument(help="dataset, model, kernel, sampler or metric")],
    name: Annotated[str, typer.Argument(help="The component's name")],
    as_json: AsJson = False,
) -> None:
    """Show a component: formula, options with their bounds, source."""
    from ebmbench.commands.inspection.catalogue import details, find
    from ebmbench.commands.screens.installed import show_details
    from ebmbench.interfaces.installed.registry import Registry

    content = details(find(Registry.discover(), family, name))
    emit(content, as_json, lambda: show_details(content, Console()))


def schema(output: Output = None) -> None:
    """Print the JSON Schema of suites, with all installed components, for editors."""
    from ebmbench.interfaces.installed.registry import Registry
    from ebmbench.suite.json_schema import suite_schema

    text = json.dumps(suite_schema(Registry.discover()), indent=1) + "\n"
    if output is None:
        sys.stdout.write(text)
    else:
        output.write_text(text, encoding="utf-8")
