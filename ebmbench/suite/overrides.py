"""What the command line, or Python, changes of a suite, laid over its YAML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from yaml import MappingNode, Node

from ebmbench.errors import ConfigError, Problem, did_you_mean
from ebmbench.suite.effects import laid_over, replaced
from ebmbench.suite.tuning.stages import Stage
from ebmbench.suite.variants import SECTIONS
from ebmbench.suite.yaml_places import get, place
from ebmbench.suite.yaml_text import nest


@dataclass(frozen=True)
class Overrides:
    """What the command line, or a call from Python, changes of a suite."""

    settings: tuple[str, ...] = ()  # path=value
    seeds: str | None = None
    epochs: int | None = None
    only: tuple[str, ...] = ()
    quick: bool = False
    keep: str | None = None
    changes: tuple[tuple[str, str], ...] = ()  # dotted path, and YAML
    stage: Stage = None  # of the tuning, where the suite tunes


def overridden(node: MappingNode, overrides: Overrides) -> MappingNode:
    """The file's tree with ``quick`` and the overrides laid over it.

    Raises:
        ConfigError: one of them cannot be, or has no effect.
    """
    merged = laid_over(node, _quick(node), "quick") if overrides.quick else node
    layers = list(_layers(merged, overrides))
    for layer in layers:
        merged = laid_over(merged, layer)
    problems = [each for layer in layers for each in replaced(layer, merged)]
    if problems:
        raise ConfigError(problems)
    return merged


def _quick(node: MappingNode) -> MappingNode:
    quick = get(node, "quick")
    if not isinstance(quick, MappingNode):
        problem = "the suite has no smaller version"
        remedy = "Add a 'quick:' section with what --quick changes."
        raise ConfigError(Problem(place(node), "quick", problem, remedy))
    return quick


def _layers(node: MappingNode, overrides: Overrides) -> Iterator[MappingNode]:
    """What is laid over the tree, whose names it speaks of, one after another."""
    for text in overrides.settings:
        yield _setting(text, node)
    for path, value in overrides.changes:
        steps, _ = _steps(path, node, ".", f"set {path}")
        yield nest(steps, value, f"set {path}")
    if overrides.epochs is not None:
        yield nest(["train", "epochs"], str(overrides.epochs), "--epochs")
    if overrides.keep is not None:
        yield nest(["keep"], overrides.keep, "--keep")
    if overrides.seeds is not None:
        yield nest(["seeds"], overrides.seeds, "--seeds")


def _setting(text: str, node: MappingNode) -> MappingNode:
    steps, rest = _steps(text, node, ".=", f"--set {text}")
    if not rest or not all(steps):
        remedy = "Write path=value, such as methods.CD-10.sampler.k=1."
        raise ConfigError(Problem(f"--set {text}", "", "not a setting", remedy))
    return nest(steps, rest.removeprefix("="), f"--set {text}")


def _steps(text: str, node: Node, ends: str, origin: str) -> tuple[list[str], str]:
    """The steps of the path that a text begins with, and the rest of the text.

    Args:
        text: a dotted path, and what may follow it.
        node: the tree, whose names may hold dots and equals signs themselves.
        ends: the characters that end a step; all but the dot end the path too.
        origin: stands for the place in errors.
    """
    _require_no_variant(text, node, origin)
    steps: list[str] = []
    here: Node | None = node
    while True:
        name = _leading_name(text, here, ends)
        steps.append(name)
        here, text = here and get(here, name), text[len(name) :]
        if not text.startswith("."):
            return steps, text
        text = text[1:]


def _leading_name(text: str, node: Node | None, ends: str) -> str:
    """The longest name in the tree that the text begins with; else all up to the next end."""
    known = [name for name in _names(node) if re.match(f"{re.escape(name)}([{ends}]|$)", text)]
    return max(known, key=len, default=re.split(f"[{ends}]", text, maxsplit=1)[0])


def _require_no_variant(text: str, node: Node, origin: str) -> None:
    """Check that no variant is set: what the suite has of it is the method, and the sweep.

    Raises:
        ConfigError: one is.
    """
    section, _, rest = text.partition(".")
    entries = get(node, section) if section in SECTIONS else None
    for name in _names(entries):
        variant = re.match(rf"{re.escape(name)}\[[^]]*\]?", rest)
        if variant and not any(rest.startswith(each) for each in _names(entries) if "[" in each):
            what, path = f"'{variant[0]}'", f"{section}.{name}"
            problem = f"no such {SECTIONS[section]}: {what}"
            remedy = did_you_mean(name, [name])
            if swept := _names(entries and get(entries, name, "sweep")):
                problem = f"{what} is a variant, which the sweep of {name} makes"
                remedy = (
                    f"Set the sweep, {path}.sweep={{{swept[0]}: [...]}}, or what else is in {path}."
                )
            raise ConfigError(Problem(origin, path, problem, remedy))


def _names(node: Node | None) -> list[str]:
    return [key.value for key, _ in node.value] if isinstance(node, MappingNode) else []
