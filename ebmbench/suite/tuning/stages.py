"""The suites that a tuned suite consists of: those of its trials, and the one that is reported.

They are made from the tree of the suite, so that every setting is checked as if it were written.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from pydantic import TypeAdapter, ValidationError
from yaml import MappingNode, Node

from ebmbench.suite.tuning.keys import MOST_TRIALS, Tune, TuningSpec
from ebmbench.suite.tuning.search import Settings, settings_of
from ebmbench.suite.variants import Variant, Variants, nested, word
from ebmbench.suite.yaml_places import get, merge, place_of, plain, without
from ebmbench.suite.yaml_text import nest, written

FIRST_SEED = 1_000_000  # of trials: far from those that people report
TRIAL = "trial"  # what trials are told apart by
OF_TRIALS = ("requires", "datasets", "train")  # what a suite of trials takes over

NONE_CHOSEN: Mapping[str, int] = {}

_TUNE = TypeAdapter[Any](Tune)


@dataclass(frozen=True)
class Trials:
    """A suite of trials.

    Attributes:
        name: of the suite.
        share: of the epochs that each is given.
        dataset: the only one; None for all.
        left: method -> the numbers of its trials that are made; all of all methods, if empty.
        round: its number, from 1 on.
    """

    name: str = "trials"
    share: float = 1.0
    dataset: str | None = None
    left: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    round: int = 1


@dataclass(frozen=True)
class Chosen:
    """The suite that is reported.

    Attributes:
        trials: dataset -> method -> the number of the trial whose settings it has.
    """

    trials: Mapping[str, Mapping[str, int]]


Stage = Trials | Chosen | None
"""None: nothing is known of the trials yet, and the first one's settings stand in."""


def searched_of(node: Node) -> dict[str, list[Settings]]:
    """What is tried of each method that is searched; nothing where the suite does not tune.

    What is wrong in a ``tune:`` is left out here; it is told when the suite is validated.
    """
    count = _plain(node, "tuning", "trials", otherwise=TuningSpec.model_fields["trials"].default)
    if get(node, "tuning") is None or type(count) is not int or not 1 <= count <= MOST_TRIALS:
        return {}
    methods = get(node, "methods")
    found = {}
    for key, method in methods.value if isinstance(methods, MappingNode) else ():
        tune = get(method, "tune")
        if tune is None:
            continue
        try:
            found[key.value] = settings_of(key.value, _TUNE.validate_python(plain(tune)), count)
        except ValidationError:
            continue
    return found


def with_settings(node: MappingNode, chosen: Mapping[str, Settings]) -> MappingNode:
    """The suite in which methods have these settings."""
    for name, settings in chosen.items():
        for option, value in settings.items():
            layer = _setting(node, name, option, value)
            node = merge(node, nested(["methods", name], layer))  # type: ignore[assignment]
    return node


def reported_suite(node: MappingNode, chosen: Mapping[str, int] = NONE_CHOSEN) -> MappingNode:
    """The suite that is reported, with the settings that were chosen on a dataset.

    Args:
        node: the tree of the suite, its variants resolved.
        chosen: method -> the number of its trial; where none is, the first one's stand in.
    """
    return with_settings(
        node,
        {name: settings[chosen.get(name, 1) - 1] for name, settings in searched_of(node).items()},
    )


def held_out_of(node: Node) -> float:
    """The share of the training rows on which trials are measured."""
    default = TuningSpec.model_fields["validation"].default
    share = _plain(node, "tuning", "validation", otherwise=default)
    return float(share)


def trial_suite(
    node: MappingNode, variants: Variants, stage: Trials, only: Collection[str]
) -> tuple[MappingNode, Variants]:
    """The suite of trials: a method for each, measured at the end by what decides.

    Args:
        node: the tree of the suite, its variants resolved.
        variants: where its datasets and methods come from.
        stage: which trials.
        only: the methods that are asked for; all, if empty.
    """
    methods, trials = [], dict[str, Variant]()
    for name, settings in searched_of(node).items():
        if only and not {name, variants["methods"][name].origin} & {*only}:
            continue
        every = range(1, len(settings) + 1)
        for number in stage.left.get(name, ()) if stage.left else every:
            settled = with_settings(node, {name: settings[number - 1]})
            variant = f"{name}[{number}]"
            method = get(settled, "methods", name)
            assert isinstance(method, MappingNode)
            methods.append((word(variant, method), without(method, "tune")))
            trials[variant] = Variant(name, {TRIAL: number})
    if stage.dataset is not None:
        node = only_dataset(node, stage.dataset)
    kept = [(key, value) for key, value in node.value if key.value in OF_TRIALS]
    count = _plain(node, "tuning", "seeds", otherwise=TuningSpec.model_fields["seeds"].default)
    mine = {
        "suite": stage.name,
        "seeds": _seeds(count, _plain(node, "seeds", otherwise=None)),
        "metrics": [*_deciding(node)],
    }
    made = nest([], written(mine, "tuning"), "tuning")
    of_methods = MappingNode("tag:yaml.org,2002:map", methods, node.start_mark, node.end_mark)
    pairs = [*made.value, *kept, (word("methods", node), of_methods)]
    suite = MappingNode(node.tag, pairs, node.start_mark, node.end_mark)
    epochs = _plain(node, "train", "epochs", otherwise=None)
    if stage.share < 1 and type(epochs) is int:
        fewer = nest(["train", "epochs"], str(ceil(epochs * stage.share)), "tuning.halving")
        suite = merge(suite, fewer)  # type: ignore[assignment]
    return suite, {**variants, "methods": trials}


def only_dataset(node: MappingNode, name: str) -> MappingNode:
    """The suite with one of its datasets."""
    pairs = [
        (key, _only(value, name) if key.value == "datasets" else value) for key, value in node.value
    ]
    return MappingNode(node.tag, pairs, node.start_mark, node.end_mark)


def _only(entries: Node, name: str) -> Node:
    pairs = [(key, value) for key, value in entries.value if key.value == name]
    return MappingNode(entries.tag, pairs, entries.start_mark, entries.end_mark)


def _deciding(node: Node) -> Iterator[dict[str, Any]]:
    """The metric whose value decides, at the start and at the end."""
    value = str(_plain(node, "tuning", "metric", otherwise=""))
    for metric in _plain(node, "metrics", otherwise=[]):
        if str(metric.get("as", metric.get("name"))).replace("-", "_") == value.partition(".")[0]:
            moments = ("at", "every", "epochs")
            kept = {key: each for key, each in metric.items() if key not in moments}
            yield {**kept, "epochs": [0]}


def _seeds(count: Any, taken: Any) -> list[int]:
    """Seeds of which the suite reports none."""
    reported = taken if isinstance(taken, list) else []
    free = (seed for seed in range(FIRST_SEED, 2 * FIRST_SEED) if seed not in reported)
    return [next(free) for _ in range(count if type(count) is int else 1)]


def _setting(node: Node, method: str, option: str, value: Any) -> Node:
    """One option as a layer over the method, its place that of what is searched."""
    steps = option.split(".")
    told = place_of(node, ("methods", method, "tune", option))
    return nest(steps, written(value, told), told)


def _plain(node: Node, *path: str, otherwise: Any) -> Any:
    found = get(node, *path)
    return otherwise if found is None else plain(found)
