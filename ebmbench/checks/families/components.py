"""Contracts of every component."""

from __future__ import annotations

import pickle

from pydantic import BaseModel

from ebmbench.checks.examples import Example
from ebmbench.checks.failure import require
from ebmbench.errors import ConfigError
from ebmbench.interfaces.citations import cited_by
from ebmbench.interfaces.options import option_rows


def docstring(example: Example) -> None:
    """The docstring's first line, 20 to 100 characters ended by a stop, says what is computed."""
    headline = example.component.headline()
    require(
        20 <= len(headline) <= 100 and headline.endswith((".", ":", ";")),
        f"the docstring's first line has {len(headline)} characters: {headline!r}. Write one line "
        "of 20 to 100 with its formula, ended by a full stop; details and the source go below.",
    )


def options(example: Example) -> None:
    """Options are closed and frozen; each is described, and numbers have bounds."""
    schema = example.component.Options
    for row in option_rows(schema):
        require(
            bool(row["about"]),
            f"the option '{row['name']}' has no description: Field(..., description=...)",
        )
        require(
            bool(row["bounds"]) or not _numeric(row["type"]),
            f"the option '{row['name']}' is a number without bounds: give Field ge=, gt=, le= or "
            "lt=, so that nonsense is refused before anything runs.",
        )
    _closed(schema)


def picklable(example: Example) -> None:
    """Class and options go through pickle: workers get them so."""
    try:
        component, given = pickle.loads(pickle.dumps((example.component, example.options)))
    except Exception as error:
        require(
            False,
            f"class and options cannot be pickled ({error}). Define both at the top level "
            "of a module: workers in other processes must find them by name.",
        )
        return
    require(
        component is example.component and given == example.options,
        "class and options come out of pickle as something else",
    )


def known_failures(example: Example, names: tuple[str, ...] = ()) -> None:
    """Each known failure names a check of the family and gives a reason."""
    for name, reason in example.component.known_failures.items():
        require(
            name in names,
            f"'known_failures' names '{name}', which is no check of this family: "
            f"{', '.join(names)}",
        )
        require(len(reason.split()) > 2, f"the known failure '{name}' has no reason: say why")


def citations(example: Example) -> None:
    """What it cites, if anything, is BibTeX with author, title and year, or a key of such."""
    try:
        found = [str(entry) for entry in cited_by(example.component)]
    except ConfigError as error:
        require(False, f"what it cites cannot be read: {error}")
        return
    require(len(set(found)) == len(found), "it cites something twice: leave one out of 'cites'")


DECLARED = "known-failures"  # it is told the names of all checks
CHECKS = {
    "docstring": docstring,
    "options": options,
    "picklable": picklable,
    "citations": citations,
}


def _numeric(kind: str) -> bool:
    return bool({"int", "float"} & set(kind.split(" | ")))


def _closed(schema: type[BaseModel]) -> None:
    config = schema.model_config
    require(
        config.get("extra") == "forbid" and bool(config.get("frozen")),
        "the options are not closed and frozen. Nest 'class Options(Base.Options)' with Base the "
        "family's class, so that a misspelt option is refused.",
    )
