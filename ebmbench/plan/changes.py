"""What differs between the inputs of two results, in words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ebmbench.plan.inputs import Inputs

COMPONENTS = ("dataset", "model", "sampler", "kernel")
LONGEST = 40  # characters of a value that is shown


def changes(before: Inputs, now: Inputs) -> list[str]:
    """What is other now than it was before: names and options first, then files and code.

    Args:
        before: as it was stored; where it is not what :func:`ebmbench.plan.inputs.inputs_of`
            makes, what it lacks is new.
        now: as it is.
    """
    told = [
        *_of_values(("epochs", "device"), before, now),
        *(each for part in COMPONENTS for each in _of_component(part, before, now)),
        *(each for part in ("optimizer", "batch") for each in _of_options(part, before, now)),
        *_of_metrics(before, now),
    ]
    return [*told, *_of_code(before, now, told=bool(told))]


def _of_component(part: str, before: Inputs, now: Inputs) -> Iterator[str]:
    was, is_ = _mapping(before, part), _mapping(now, part)
    if was.get("name") != is_.get("name"):
        yield _other(part, is_.get("name"), was.get("name"))
        return
    if was.get("version") != is_.get("version"):
        yield _other(f"version of {part} '{is_['name']}'", is_.get("version"), was.get("version"))
    yield from _of_options(part, {part: was.get("options")}, {part: is_.get("options")})
    yield from _of_digests("the file", _mapping(was, "files"), _mapping(is_, "files"))


def _of_metrics(before: Inputs, now: Inputs) -> Iterator[str]:
    was, is_ = _mapping(before, "metrics"), _mapping(now, "metrics")
    yield from (f"the metric {name} is new" for name in is_ if name not in was)
    yield from (f"the metric {name} is gone" for name in was if name not in is_)
    for name in sorted(was.keys() & is_.keys()):
        part = f"the metric {name}"
        yield from _of_component(part, {part: was[name]}, {part: is_[name]})
        other_epochs = _mapping(was, name).get("epochs") != is_[name].get("epochs")
        if other_epochs and before.get("epochs") == now.get("epochs"):
            yield f"{part} is measured at other epochs"


def _of_options(part: str, before: Inputs, now: Inputs) -> Iterator[str]:
    was, is_ = (dict(_leaves(part, each.get(part))) for each in (before, now))
    yield from _of_values(tuple(dict.fromkeys([*is_, *was])), was, is_)


def _of_values(names: tuple[str, ...], before: Inputs, now: Inputs) -> Iterator[str]:
    for name in names:
        if before.get(name) != now.get(name):
            yield _other(name, now.get(name), before.get(name))


def _of_code(before: Inputs, now: Inputs, told: bool) -> Iterator[str]:
    """Where something else has changed already, other modules run because of that."""
    was, is_ = _mapping(before, "code"), _mapping(now, "code")
    if told:
        both = was.keys() & is_.keys()
        was, is_ = ({name: each[name] for name in both} for each in (was, is_))
    yield from _of_digests("the code of", was, is_)


def _of_digests(what: str, was: Mapping[str, Any], is_: Mapping[str, Any]) -> Iterator[str]:
    for name in sorted(was.keys() | is_.keys()):
        if name not in was:
            yield f"{what} {name} is new"
        elif name not in is_:
            yield f"{what} {name} is gone"
        elif was[name] != is_[name]:
            yield f"{what} {name} has changed"


def _leaves(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Dotted path and value of all that is not a mapping itself."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _leaves(f"{path}.{key}", inner)
    elif value is not None:
        yield path, value


def _other(what: str, now: Any, before: Any) -> str:
    return f"{what}: {_shown(now)}, was {_shown(before)}"


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    if value is None:
        return "none"
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."


def _mapping(inputs: Inputs, key: str) -> Mapping[str, Any]:
    """What is stored by a key; nothing where it is no mapping."""
    found = inputs.get(key)
    return found if isinstance(found, Mapping) else {}
