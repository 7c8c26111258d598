"""From what pydantic says of wrong data to place, problem and remedy."""

from __future__ import annotations

import json
import re
import reprlib
import types
from collections.abc import Iterator
from typing import Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from yaml import Node, ScalarNode

from ebmbench.errors import Problem, did_you_mean
from ebmbench.suite.yaml_places import Path_, dotted, get, place_of

SHORT = reprlib.Repr()  # how wrong values are shown
SHORT.maxstring = SHORT.maxlong = SHORT.maxother = 80
LONG_NUMBER = re.compile(r"\d{20,}")  # 1e30 with all its zeros

M = TypeVar("M", bound=BaseModel)


def validate(
    schema: type[M], data: Any, node: Node, path: Path_ = ()
) -> tuple[M | None, list[Problem]]:
    """``data`` as a ``schema``, or all that is wrong with it.

    Args:
        schema: a pydantic model.
        data: plain data.
        node: the YAML tree that ``data`` comes from, for places.
        path: where in the tree ``data`` stands.
    """
    try:
        # By way of JSON: strict, so that "10" or yes is no number, yet lists may become tuples.
        return schema.model_validate_json(json.dumps(data, default=str), strict=True), []
    except ValidationError as error:
        return None, list(_problems(schema, error, node, path))


def _problems(
    schema: type[BaseModel], error: ValidationError, node: Node, path: Path_
) -> Iterator[Problem]:
    """One problem per place: the branches of a union all complain about the same value."""
    located = [(_real_steps(schema, detail), detail) for detail in error.errors()]
    misspelt = [steps[:-1] for steps, detail in located if detail["type"] == "extra_forbidden"]
    by_place: dict[Path_, list[Any]] = {}
    for steps, detail in located:
        if not (_explained(steps, detail, misspelt) or _answered_within(steps, detail, located)):
            by_place.setdefault((*path, *steps), []).append(detail)
    for where, details in by_place.items():
        yield _problem(schema, where, path, details, node)


def _explained(steps: Path_, detail: Any, misspelt: list[Path_]) -> bool:
    """Whether a union's branch complains only because a key in the same value is misspelt."""
    of_a_branch = len(steps) < len(detail["loc"]) and detail["type"] != "extra_forbidden"
    return of_a_branch and any(steps[: len(each)] == each for each in misspelt)


def _answered_within(steps: Path_, detail: Any, located: list[tuple[Path_, Any]]) -> bool:
    """Whether a union's branch wants another kind of value than one that has the mistake in it."""
    inner = [other for other, each in located if len(other) < len(each["loc"])]
    of_a_branch = len(steps) < len(detail["loc"])
    return of_a_branch and any(
        len(other) > len(steps) and other[: len(steps)] == steps for other in inner
    )


def _problem(
    schema: type[BaseModel], where: Path_, path: Path_, details: list[Any], node: Node
) -> Problem:
    detail = details[0]
    inner = where[len(path) :]
    if detail["type"] == "extra_forbidden":
        known = sorted(name for model in _models_at(schema, inner[:-1]) for name in _fields(model))
        if where[-1] in known:  # of another branch of a union
            problem = "does not go with what stands beside it"
            return Problem(
                place_of(node, where, key=True), dotted(where), problem, "Leave one out."
            )
        remedy = did_you_mean(where[-1], known)
        return Problem(place_of(node, where, key=True), dotted(where), "no such option", remedy)
    if detail["type"] == "missing":
        remedy = _description(schema, inner, "Add it: ")
        return Problem(place_of(node, where[:-1], key=True), dotted(where), "is missing", remedy)
    if detail["type"] == "value_error":  # a validator of ours, which says the remedy itself
        return Problem(place_of(node, where), dotted(where), _complaint(detail))
    what = " or ".join(dict.fromkeys(_complaint(each) for each in details))
    shown, remedy = (
        _shown(detail["input"], get(node, *where)),
        _description(schema, inner, "It is: "),
    )
    if any(each["type"] == "model_type" for each in details):
        remedy = f"{remedy} {_options(schema, inner)}".strip()
    return Problem(place_of(node, where), dotted(where), shown + what, remedy)


def _shown(value: Any, node: Node | None) -> str:
    """A wrong value, before what is said of it; yes, no, on and off as they are written."""
    if isinstance(value, dict | list):
        return ""
    if isinstance(value, bool) and isinstance(node, ScalarNode):
        meant = json.dumps(value)
        written = str(node.value)
        return f"{meant}: " if written == meant else f"{written}, which YAML reads as {meant}: "
    return f"{SHORT.repr(value)}: "


def _complaint(detail: Any) -> str:
    if detail["type"] == "string_pattern_mismatch":  # of a plugin's option
        return "is not spelled as it has to be"
    text = str(detail["msg"]).removeprefix("Value error, ").removeprefix("Input ")
    text = LONG_NUMBER.sub(lambda found: f"{float(found[0]):g}", text)
    return text.replace("valid array", "valid list")


def _options(schema: type[BaseModel], inner: Path_) -> str:
    """What can be given within an object."""
    known = [name for model in _models_at(schema, inner) for name in _fields(model)]
    return f"Its options: {', '.join(known)}; as {{{known[0]}: ...}}." if known else ""


def _description(schema: type[BaseModel], inner: Path_, lead: str) -> str:
    while inner and isinstance(inner[-1], int):  # of a list's value: what is said of the list
        inner = inner[:-1]
    for model in _models_at(schema, inner[:-1]):
        info = _fields(model).get(str(inner[-1])) if inner else None
        if info is not None and info.description:
            return f"{lead}{info.description}."
    return ""


def _fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """Its fields, as they are written."""
    return {info.alias or name: info for name, info in model.model_fields.items()}


def _real_steps(schema: type[BaseModel], detail: Any) -> Path_:
    """The location less the steps by which pydantic names a branch of a union."""
    real: list[str | int] = []
    kinds: list[Any] = [schema]
    names_a_branch = False
    for step in detail["loc"]:
        if names_a_branch:
            kinds = [kind for kind in kinds if _name_of(kind) == step] or kinds
            names_a_branch = False
            continue
        found = [kind for each in kinds for kind in _step_into(each, step)]
        if found:
            real.append(step)
            kinds = [kind for kind in found if kind is not type(None)]
            names_a_branch = len(kinds) > 1
    if detail["type"] == "extra_forbidden":
        real.append(detail["loc"][-1])
    return tuple(real)


def _name_of(kind: Any) -> str:
    """What pydantic calls a branch of a union."""
    return repr(kind).replace(" ", "") if get_origin(kind) else str(getattr(kind, "__name__", kind))


def _models_at(schema: type[BaseModel], inner: Path_) -> list[type[BaseModel]]:
    kinds: list[Any] = [schema]
    for step in inner:
        kinds = [kind for each in kinds for kind in _step_into(each, step)]
    return [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)]


def _step_into(kind: Any, step: str | int) -> list[Any]:
    """The types that a value at ``step`` inside a value of type ``kind`` may have."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        info = _fields(kind).get(str(step))
        return _branches(info.annotation) if info is not None else []
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is dict:
        return _branches(arguments[1]) if isinstance(step, str) else []
    if origin in (list, tuple):
        return _branches(arguments[0]) if isinstance(step, int) else []
    return []


def _branches(annotation: Any) -> list[Any]:
    """The members of a union, itself for anything else; ``Annotated`` stripped."""
    if hasattr(annotation, "__metadata__"):
        return _branches(annotation.__origin__)
    if get_origin(annotation) in (Union, types.UnionType):
        return [branch for member in get_args(annotation) for branch in _branches(member)]
    return [annotation]
