"""Documents spoiled in one place: what hypothesis makes of a record that was fine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

Path = tuple[str | int, ...]

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([0, -1, 2**63, 10**400, 1e-320, 1e308])
    | st.floats()  # infinities and NaN too, which JSON does not know and Python writes
    | st.text(max_size=5)
    | st.sampled_from(["", "\x1b[2J", "\ud800", "🦆", "done", "diverged", "failed", "x" * 300])
)
VALUES = SCALARS | st.lists(SCALARS, max_size=2) | st.dictionaries(st.text(max_size=3), SCALARS)


def places(document: Any, path: Path = ()) -> Iterator[Path]:
    """Where something stands in a document, the whole included."""
    yield path
    inner = document.items() if isinstance(document, dict) else ()
    for key, value in enumerate(document) if isinstance(document, list) else inner:
        yield from places(value, (*path, key))


@st.composite
def spoiled(draw: st.DrawFn, content: bytes) -> bytes:
    """A document's bytes: cut short, with a byte changed, or with one of its values changed."""
    kind = draw(st.sampled_from(["cut", "byte", "nested", *["value"] * 7, "gone", "more"]))
    if kind == "cut":
        return content[: draw(st.integers(0, len(content) - 1))]
    if kind == "byte":
        at = draw(st.integers(0, len(content) - 1))
        return content[:at] + bytes([draw(st.integers(0, 255))]) + content[at + 1 :]
    if kind == "nested":
        depth = draw(st.sampled_from([100, 900, 100_000]))
        return b'{"format": 2, "id": ' + b"[" * depth + b"]" * depth + b"}"
    document = json.loads(content)
    path = draw(st.sampled_from(sorted(places(document), key=str)))
    return json.dumps(_changed(draw, document, path, kind)).encode()


def _changed(draw: st.DrawFn, document: Any, path: Path, kind: str) -> Any:
    if not path:
        return draw(VALUES)
    document = deepcopy(document)
    holder = document
    for key in path[:-1]:
        holder = holder[key]
    if kind == "gone":
        del holder[path[-1]]
    elif kind == "more" and isinstance(holder, list):
        holder.append(deepcopy(holder[path[-1]]))
    elif kind == "more":
        holder[draw(st.text(max_size=3))] = deepcopy(holder[path[-1]])
    else:
        holder[path[-1]] = draw(VALUES)
    return document
