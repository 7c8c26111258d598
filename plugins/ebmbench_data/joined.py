"""Things that are joined two by two, and the groups that they end up in."""

from __future__ import annotations

from ebmbench.numerics import njit


@njit
def find(root, thing):  # type: ignore[no-untyped-def]
    """The one that stands for a thing's group."""
    while root[thing] != thing:
        root[thing] = root[root[thing]]
        thing = root[thing]
    return thing


@njit
def unite(root, one, other):  # type: ignore[no-untyped-def]
    """Make one group of two things'; its smallest stands for it."""
    one, other = find(root, one), find(root, other)
    if one < other:
        root[other] = one
    else:
        root[one] = other
