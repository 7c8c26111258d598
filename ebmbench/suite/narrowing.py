"""What a suite asks for as its file has it, and how much of that is left of it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from yaml import Node

from ebmbench.suite.keys import MOST_SEEDS, SuiteSpec
from ebmbench.suite.overrides import Overrides
from ebmbench.suite.yaml_places import get, plain


class Whole(NamedTuple):
    """How much the file itself asks for.

    Attributes:
        seeds, epochs: None where the file is wrong there.
    """

    seeds: frozenset[int] | None
    epochs: int | None


def whole_of(node: Node) -> Whole:
    """What the tree of the file says, nothing laid over it."""
    epochs = _plain(node, "train", "epochs")
    return Whole(_seeds(_plain(node, "seeds")), epochs if type(epochs) is int else None)


def narrowed(
    whole: Whole, spec: SuiteSpec, chosen: Collection[str], overrides: Overrides
) -> tuple[str, ...]:
    """By what less is asked than the file does, each in a few words; nothing where it is not.

    Args:
        whole: what the file asks.
        spec: what is asked, with quick and overrides.
        chosen: the methods that are run.
        overrides: of the command line.
    """
    seeds = frozenset(range(spec.seeds) if isinstance(spec.seeds, int) else spec.seeds)
    left = [
        ("quick", overrides.quick),
        ("only " + ", ".join(overrides.only), len(chosen) < len(spec.methods)),
        (f"seeds {spec.seeds}", whole.seeds is not None and not whole.seeds <= seeds),
        (f"epochs {spec.train.epochs}", spec.train.epochs < (whole.epochs or 0)),
    ]
    return tuple(what for what, is_less in left if is_less)


def _plain(node: Node, *path: str) -> Any:
    found = get(node, *path)
    return None if found is None else plain(found)


def _seeds(seeds: Any) -> frozenset[int] | None:
    """The seeds that a number or a list means; ``spec`` has said what is wrong with others."""
    if isinstance(seeds, list) and all(type(each) is int for each in seeds):
        return frozenset(seeds)
    return frozenset(range(seeds)) if type(seeds) is int and 0 < seeds <= MOST_SEEDS else None
