"""Options as a table: name, type, default, bounds and description of each."""

from __future__ import annotations

from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined


def option_rows(options: type[BaseModel], prefix: str = "") -> list[dict[str, Any]]:
    """One row per option, nested options by their dotted path."""
    rows: list[dict[str, Any]] = []
    for name, info in options.model_fields.items():
        kind = info.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            rows += option_rows(kind, f"{prefix}{name}.")
        else:
            rows.append(
                {
                    "name": prefix + (info.alias or name),
                    "type": _type_name(kind),
                    "default": _default(info),
                    "bounds": _bounds(info),
                    "about": info.description or "",
                }
            )
    return rows


def _default(info: FieldInfo) -> Any:
    if info.is_required():
        return "required"
    if info.default_factory is not None:
        return info.get_default(call_default_factory=True, validated_data={})
    return None if info.default is PydanticUndefined else info.default


def _bounds(info: FieldInfo) -> str:
    signs = {"ge": ">=", "gt": ">", "le": "<=", "lt": "<"}
    found = (
        f"{sign} {getattr(mark, key):g}"
        for mark in (*info.metadata, *_marks(info.annotation))
        for key, sign in signs.items()
        if getattr(mark, key, None) is not None
    )
    return ", ".join(found)


def _marks(kind: Any) -> list[Any]:
    """What is annotated anywhere inside a type, as the bounds of one member of a union are."""
    inner = [mark for argument in get_args(kind) for mark in _marks(argument)]
    said = getattr(kind, "__metadata__", ())
    own = [mark for each in said for mark in getattr(each, "metadata", (each,))]
    return own + inner


def _type_name(kind: Any) -> str:
    arguments = get_args(kind)
    if hasattr(kind, "__metadata__"):
        return _type_name(arguments[0])
    if get_origin(kind) is not None and str(get_origin(kind)).endswith("Literal"):
        return " | ".join(map(str, arguments))
    if get_origin(kind) is dict:
        return f"mapping of {_type_name(arguments[1])}"
    if arguments and get_origin(kind) not in (list, tuple):
        return " | ".join(_type_name(each) for each in arguments)
    if arguments:
        return f"list of {_type_name(arguments[0])}"
    return {"NoneType": "null"}.get(getattr(kind, "__name__", ""), getattr(kind, "__name__", "?"))
