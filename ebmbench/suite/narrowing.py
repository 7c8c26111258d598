"""What a suite asks for as its file has it, and how much of that is left of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from yaml import MappingNode, Node

from ebmbench.errors import Problem
from ebmbench.suite.keys import MOST_SEEDS, SuiteSpec
from ebmbench.suite.overrides import Overrides
from ebmbench.suite.yaml_places import Path_, dotted, get, place, place_of, plain
from ebmbench.training.schedule import MOST_EPOCHS, Budget


class Whole(NamedTuple):
    """How much the file itself asks for.

    Attributes:
        seeds, epochs: None where the file is wrong there, or says nothing.
        until: what it says there, as it stands.
    """

    seeds: frozenset[int] | None
    epochs: int | None
    until: Any


UNKNOWN = Whole(None, None, None)


def whole_of(node: Node) -> Whole:
    """What the tree of the file says, nothing laid over it."""
    epochs = _plain(node, "train", "epochs")
    known = epochs if type(epochs) is int else None
    return Whole(_seeds(_plain(node, "seeds")), known, _plain(node, "train", "until"))


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
        (f"epochs {spec.train.epochs}", spec.train.epochs < _epochs(whole)),
        (f"until {spec.train.until}", _spends_less(spec.train.until, whole.until)),
    ]
    return tuple(what for what, is_less in left if is_less)


def _epochs(whole: Whole) -> int:
    """What a file asks: without end, where a budget ends it."""
    return whole.epochs if whole.epochs is not None else MOST_EPOCHS if whole.until else 0


def _spends_less(now: Budget | None, then: Any) -> bool:
    """Whether a budget is less than the file's; of another kind counts as less."""
    if now is None:
        return False
    told = now.model_dump(exclude_none=True)
    if not isinstance(then, dict) or then.keys() != told.keys():
        return True
    return any(told[key] < float(then[key]) for key in told)


def has_quick(node: Node) -> bool:
    """Whether the tree of a file has a smaller version in which something stands."""
    quick = get(node, "quick")
    return isinstance(quick, MappingNode) and bool(quick.value)


def no_smaller(node: Node) -> Iterator[Problem]:
    """Where the smaller version of the tree of a file is not smaller."""
    quick = get(node, "quick")
    if not isinstance(quick, MappingNode):
        return
    if not quick.value:
        remedy = "Say what it changes, or leave it out."
        yield Problem(place(quick), "quick", "is empty: --quick changes nothing", remedy)
    whole, small = whole_of(node), whole_of(quick)
    seeds, few = (len(each.seeds or ()) for each in (whole, small))
    if few > seeds > 0:
        yield _more(node, ("quick", "seeds"), f"{few} seeds", seeds)
    if (small.epochs or 0) > (whole.epochs or 0) > 0:
        yield _more(node, ("quick", "train", "epochs"), f"{small.epochs} epochs", whole.epochs)


def _more(node: Node, path: Path_, what: str, than: int | None) -> Problem:
    problem = f"{what} are more than the suite's {than}, and --quick is to be smaller"
    return Problem(place_of(node, path), dotted(path), problem, f"Give at most {than}.")


def _plain(node: Node, *path: str) -> Any:
    found = get(node, *path)
    return None if found is None else plain(found)


def _seeds(seeds: Any) -> frozenset[int] | None:
    """The seeds that a number or a list means; ``spec`` has said what is wrong with others."""
    if isinstance(seeds, list) and all(type(each) is int for each in seeds):
        return frozenset(seeds)
    return frozenset(range(seeds)) if type(seeds) is int and 0 < seeds <= MOST_SEEDS else None
