"""What every plugin component has: a name, a version, and nested, closed, documented options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from inspect import cleandoc
from pathlib import Path
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict


class Options(BaseModel):
    """The options of a component: frozen, and closed to keys it does not know.

    Their numbers are finite; an option says otherwise by ``Field(allow_inf_nan=True)``.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        ser_json_inf_nan="strings",  # what says otherwise is stored as a text, which it reads again
    )


_Options = Options  # the nested class below hides the name


class Component:
    """A named thing that a suite can choose.

    A subclass sets ``name``, nests its options and says in its docstring's first line what it
    computes. ``version`` goes up when the same options begin to give other numbers::

        class CD(Sampler):
            \"\"\"<dF>_model over chains that start at the data ... (Hinton 2002).\"\"\"

            name = "cd"

            class Options(Sampler.Options):
                k: int = Field(1, ge=1, description="Gibbs steps per update")
    """

    name: ClassVar[str]
    version: ClassVar[str] = "1"

    known_failures: ClassVar[Mapping[str, str]] = {}
    """Conformance checks that it does not pass, and why: check name -> reason."""

    cites: ClassVar[tuple[str, ...]] = ()
    """What to cite who uses it, for ``ebmbench cite``: keys of ``references.bib`` in its package or
    in ebmbench's, or whole BibTeX entries. ``"acp: jelincic2025"`` is cited only where the option
    ``acp`` is not at its default. No part of a result."""

    class Options(_Options):
        """None, unless a subclass nests its own."""

    def __init__(self, options: Any) -> None:
        self.options = options

    def files(self) -> Sequence[Path]:
        """The files that its numbers come from, if any: what is in them is part of a result.

        Asked of a component that is not constructed yet, unless it is a dataset: it has its
        ``options`` alone. A file that an option names, or that lies in the component's package,
        need not be told.
        """
        return ()

    @classmethod
    def headline(cls) -> str:
        """The first line of the docstring: one line for ``ebmbench list``."""
        return cleandoc(cls.__doc__ or "").split("\n", 1)[0]

    @classmethod
    def examples(cls, folder: Path) -> Sequence[Mapping[str, Any]]:
        """Options to check it with, small ones; files they need may be written to ``folder``.

        By default none, and the checks guess what is required.
        """
        return ()
