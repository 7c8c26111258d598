"""The commands, from the command line itself."""

from __future__ import annotations

from typing import Any

import typer

from reference_pages.markdown import code, escaped, table

VARIABLES = (
    ("EBMBENCH_PLUGINS", "Names of the plugins to load, separated by commas; unset for all"),
    ("EBMBENCH_NO_THIRD_PARTY", "1 to load the built-in plugins only, as `--no-third-party` does"),
    (
        "EBMBENCH_PATIENCE",
        "Seconds that loading a third-party plugin, or a step of its plan, may take; 600 if unset",
    ),
    ("EBMBENCH_DATA", "Folder in which datasets look for their files, and keep what they fetch"),
)


def commands_page(app: typer.Typer) -> str:
    """Global options, each command with its arguments and options, and the environment."""
    group: Any = typer.main.get_command(app)
    sections = [_section(f"ebmbench {name}", each) for name, each in group.commands.items()]
    variables = table(("variable", "about"), [(code(name), about) for name, about in VARIABLES])
    return "\n\n".join(
        [
            "# Commands",
            escaped(group.help),
            escaped(group.epilog),
            _parameters(group),
            *sections,
            "## Environment",
            variables,
            "",
        ]
    )


def _section(name: str, command: Any) -> str:
    return f"## {name}\n\n{escaped(command.help)}\n\n{_parameters(command)}"


def _parameters(command: Any) -> str:
    rows = [
        (code(_name(each)), code(_default(each)), escaped(each.help or ""))
        for each in command.params
        if each.name != "help"
    ]
    return table(("argument", "default", "about"), rows) if rows else "No arguments."


def _name(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return str(parameter.name).upper()
    return ", ".join(parameter.opts)


def _default(parameter: Any) -> str:
    if parameter.required:
        return "required"
    default = parameter.default
    return "" if default is None or default is False else str(default)
