"""The keys of a suite, from the pydantic models that check them."""

from __future__ import annotations

from collections.abc import Iterator
from inspect import getdoc
from typing import Any, get_args

from pydantic import BaseModel

from ebmbench.suite.keys import SuiteSpec
from ebmbench.training.optimizer import ELEMENTWISE, OPTIMIZERS
from reference_pages.components import options_table
from reference_pages.markdown import prose

LEAD = """\
Every key, with its bounds. What a component understands beside its `name` stands with the
component: [datasets](datasets.md), [models](models.md), [samplers](samplers.md),
[metrics](metrics.md). [Writing suites](../suites.md) shows them at work.
"""


def suite_page() -> str:
    """The suite itself, then each part it is made of."""
    sections = "\n\n".join(_section(model) for model in models_in(SuiteSpec))
    of_torch, ours = (
        ", ".join(f"`{name}`" for name in sorted(names))
        for names in (ELEMENTWISE, OPTIMIZERS.keys() - ELEMENTWISE.keys())
    )
    told = f"Optimisers of `torch.optim`: {of_torch}. Ours: {ours}."
    return f"# Suite\n\n{LEAD}\n{sections}\n\n{told}\n"


def models_in(model: type[BaseModel]) -> list[type[BaseModel]]:
    """A model and all that its fields are made of, each once, in the order of their first use."""
    found = [model]
    for each in found:
        for info in each.model_fields.values():
            found += [inner for inner in _models(info.annotation) if inner not in found]
    return list(dict.fromkeys(found))


def _models(kind: Any) -> Iterator[type[BaseModel]]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
    for argument in get_args(kind):
        yield from _models(argument)


def _section(model: type[BaseModel]) -> str:
    title = model.__name__.removesuffix("Spec").removesuffix("Options")
    return f"## {title}\n\n{prose(getdoc(model) or '')}\n\n{options_table(model)}"
