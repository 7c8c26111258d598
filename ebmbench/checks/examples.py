"""The options that a component is checked with: its own examples, or a guess, and neighbours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from ebmbench.checks.failure import NotApplicable
from ebmbench.interfaces.component import Component, Options
from ebmbench.interfaces.dataset import Dataset
from ebmbench.interfaces.installed.registry import Registry
from ebmbench.interfaces.metric import Metric
from ebmbench.interfaces.sampler import Sampler

GUESSES = (3, 7, 2, 11, 5, 1, 0, 0.5, 0.1, True)
LARGE, SMALL = 20, 11  # a metric's counts, such as chains and steps
LONGER = 2  # what is added to a whole number, to see that it counts


@dataclass(frozen=True)
class Example:
    """A component with some options.

    Attributes:
        registry: where to look for models and kernels that go with it.
    """

    component: type[Component]
    options: Options
    registry: Registry

    @property
    def place(self) -> str:
        """Which options, for a sentence; "" for the defaults."""
        chosen = self.options.model_dump(exclude_defaults=True)
        listed = ", ".join(f"{name}: {value}" for name, value in chosen.items())
        return f"with {{{listed}}}: " if chosen else ""

    def build(self, *arguments: Any) -> Any:
        """The component, from its options and what else its constructor takes."""
        return self.component(self.options, *arguments)


def examples_of(
    component: type[Component],
    registry: Registry,
    folder: Path,
    given: Sequence[Mapping[str, Any]] | None = None,
) -> list[Example]:
    """The component with every set of options that it is checked with.

    Raises:
        NotApplicable: what its options must be cannot be guessed.
    """
    starts = given or component.examples(folder) or [small(component)]
    made = [component.Options(**start) for start in starts]
    near = () if given else (each for options in made for each in neighbours(component, options))
    distinct = {options.model_dump_json(): options for options in chain(made, near)}
    return [Example(component, options, registry) for options in distinct.values()]


def small(component: type[Component]) -> dict[str, Any]:
    """Required options as guessed; of a metric, counts that are large by default made small."""
    chosen = guessed(component.Options)
    counts = component.Options.model_fields.items() if issubclass(component, Metric) else ()
    for name, info in counts:
        large = isinstance(info.default, int) and info.default > LARGE
        if large and _valid(component.Options, {**chosen, name: SMALL}):
            chosen[name] = SMALL
    return chosen


def guessed(schema: type[Options]) -> dict[str, Any]:
    """Required options, each the first of a few small numbers that it takes.

    Raises:
        NotApplicable: none of them will do.
    """
    required = _first_guesses(schema, lambda info: info.is_required())
    if _valid(schema, required):
        return required
    optional = _first_guesses(schema, lambda info: info.is_required() or info.default is None)
    for name in optional:  # one of several that may be left out, but not all of them
        if _valid(schema, {**required, name: optional[name]}):
            return {**required, name: optional[name]}
    raise NotApplicable(
        "its options cannot be guessed: say in the component's 'examples' what it is checked with"
    )


def neighbours(component: type[Component], options: Options) -> Iterator[Options]:
    """The same options but for one: another choice, the other truth, a longer run."""
    for name, info in type(options).model_fields.items():
        for value in _others(component, info, getattr(options, name)):
            chosen = {**options.model_dump(), name: value}
            if _valid(type(options), chosen):
                yield type(options)(**chosen)


def _others(component: type[Component], info: FieldInfo, value: Any) -> list[Any]:
    if isinstance(value, bool):
        return [not value]
    if get_origin(info.annotation) is Literal:
        return [other for other in get_args(info.annotation) if other != value]
    counts = issubclass(component, Sampler | Dataset)  # of metrics, they cost time and say little
    return [value + LONGER] if counts and isinstance(value, int) else []


def _first_guesses(schema: type[Options], chosen: Any) -> dict[str, Any]:
    """A guess for each chosen field that takes one; different fields get different numbers."""
    found: dict[str, Any] = {}
    for name, info in schema.model_fields.items():
        if chosen(info):
            fitting = [guess for guess in _guesses(info) if guess not in found.values()]
            found |= {name: fitting[0]} if fitting else {}
    return found


def _guesses(info: FieldInfo) -> list[Any]:
    if get_origin(info.annotation) is Literal:
        return list(get_args(info.annotation))
    kind: Any = info.annotation
    bounded: Any = Annotated[(kind, *info.metadata)] if info.metadata else kind
    adapter: TypeAdapter[Any] = TypeAdapter(bounded)
    return [guess for guess in GUESSES if _takes(adapter, guess)]


def _takes(adapter: TypeAdapter[Any], guess: Any) -> bool:
    try:
        adapter.validate_python(guess, strict=True)
    except ValidationError:
        return False
    return True


def _valid(schema: type[Options], options: Mapping[str, Any]) -> bool:
    try:
        schema(**options)
    except ValidationError:
        return False
    return True
