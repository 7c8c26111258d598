"""What every plugin component has: a name, a version, and nested, closed, documented options."""

from __future__ import annotations

from inspect import cleandoc
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict


class Options(BaseModel):
    """The options of a component: frozen, and closed to keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


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

    class Options(_Options):
        """None, unless a subclass nests its own."""

    def __init__(self, options: Any) -> None:
        self.options = options

    @classmethod
    def headline(cls) -> str:
        """The first line of the docstring: one line for ``ebmbench list``."""
        return cleandoc(cls.__doc__ or "").split("\n", 1)[0]
