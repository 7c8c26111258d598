"""Trees of tensors and plain values as JSON and named tensors, and back.

For what is stored and read again. Nothing is unpickled, and what a file says can make no class that
the reader has not named: tuples with names and dataclasses are looked up among those it gives.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

Form = list[Any]
"""A tree as JSON: what kind it is, and then what it holds."""


class NotStorableError(ValueError):
    """A tree holds what no file can, or a form is none of a tree."""


def stored(tree: Any) -> tuple[Form, dict[str, Tensor]]:
    """The form of a tree, and its tensors by the names that stand in it.

    Raises:
        NotStorableError: it holds something else than tensors, arrays, plain values, lists, tuples,
            dicts and dataclasses.
    """
    tensors: dict[str, Tensor] = {}
    return _form(tree, tensors), tensors


def restored(form: Any, tensors: Mapping[str, Tensor], types: Iterable[type] = ()) -> Any:
    """The tree of a form.

    Args:
        tensors: by name.
        types: the named tuples and dataclasses that it may hold.

    Raises:
        NotStorableError: it is no form, or holds others.
    """
    try:
        return _tree(form, tensors, {_name(each): each for each in types})
    except (TypeError, ValueError, KeyError, IndexError, RecursionError) as error:
        raise NotStorableError(f"not a stored tree: {error}") from None


def types_in(tree: Any) -> Iterator[type]:
    """The named tuples and dataclasses in a tree."""
    if _is_named(tree):
        yield type(tree)
    for part in _parts(tree):
        yield from types_in(part)


def _form(tree: Any, tensors: dict[str, Tensor]) -> Form:
    if tree is None or isinstance(tree, bool | int | str):
        return ["plain", tree]
    if isinstance(tree, float):
        return ["float", tree.hex()]  # every bit of it, and what is not finite
    if isinstance(tree, Tensor | np.ndarray):
        name = str(len(tensors))
        of_torch = isinstance(tree, Tensor)
        tensors[name] = _as_stored(tree)
        return ["tensor" if of_torch else "array", name]
    if _is_named(tree):
        parts = [[name, _form(part, tensors)] for name, part in _named_parts(tree)]
        return ["named", _name(type(tree)), parts]
    if type(tree) in (list, tuple):
        return [type(tree).__name__, [_form(part, tensors) for part in tree]]
    if isinstance(tree, Mapping):
        return ["dict", [[_form(k, tensors), _form(v, tensors)] for k, v in tree.items()]]
    raise NotStorableError(f"a {type(tree).__module__}.{type(tree).__qualname__} cannot be stored")


def _tree(form: Any, tensors: Mapping[str, Tensor], types: Mapping[str, type]) -> Any:
    match form:
        case ["plain", None | bool() | int() | str() as value]:
            return value
        case ["float", str(value)]:
            return float.fromhex(value)
        case ["tensor", str(name)]:
            return tensors[name]
        case ["array", str(name)]:
            return tensors[name].cpu().numpy()
        case ["list", [*parts]]:
            return [_tree(part, tensors, types) for part in parts]
        case ["tuple", [*parts]]:
            return tuple(_tree(part, tensors, types) for part in parts)
        case ["dict", [*pairs]]:
            return {_tree(k, tensors, types): _tree(v, tensors, types) for k, v in pairs}
        case ["named", str(name), [*pairs]]:
            if name not in types:
                raise ValueError(f"it holds a {name}, which nothing here does")
            return types[name](**{part: _tree(form, tensors, types) for part, form in pairs})
    raise ValueError(f"{str(form)[:60]} is no form of a tree")


def _as_stored(array: Tensor | np.ndarray[Any, Any]) -> Tensor:
    """A tensor of its own memory, in rows."""
    try:
        tensor = array if isinstance(array, Tensor) else torch.from_numpy(array)
    except TypeError as error:
        raise NotStorableError(str(error)) from None
    if tensor.layout != torch.strided or tensor.is_complex():
        raise NotStorableError(f"a tensor of {tensor.dtype}, {tensor.layout} cannot be stored")
    return tensor.detach().contiguous().clone()


def _is_named(tree: Any) -> bool:
    is_named_tuple = isinstance(tree, tuple) and hasattr(tree, "_fields")
    return is_named_tuple or (is_dataclass(tree) and not isinstance(tree, type))


def _named_parts(tree: Any) -> Iterator[tuple[str, Any]]:
    of_tuple = getattr(tree, "_fields", None)
    names = of_tuple if of_tuple is not None else [each.name for each in fields(tree)]
    for name in names:
        yield name, getattr(tree, name)


def _parts(tree: Any) -> Iterator[Any]:
    if _is_named(tree):
        yield from (part for _, part in _named_parts(tree))
    elif isinstance(tree, Mapping):
        yield from tree.values()
    elif isinstance(tree, list | tuple):
        yield from tree


def _name(of: type) -> str:
    return f"{of.__module__}.{of.__qualname__}"
