"""A suite: what a YAML file says, checked as a whole before anything runs."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from yaml import MappingNode, Node

from ebmbench.errors import ComponentError, ConfigError, Problem, did_you_mean
from ebmbench.interfaces.choice import Choice
from ebmbench.interfaces.dataset import Dataset
from ebmbench.interfaces.installed.registry import FAMILIES, Registry
from ebmbench.interfaces.installed.which_plugins import ONLY
from ebmbench.interfaces.model import Model
from ebmbench.interfaces.sampler import Sampler
from ebmbench.isolation.contained import contained
from ebmbench.suite import yaml_text
from ebmbench.suite.keys import ComponentSpec, MethodSpec, SuiteSpec
from ebmbench.suite.narrowing import UNKNOWN, has_quick, narrowed, no_smaller, whole_of
from ebmbench.suite.overrides import Overrides, overridden
from ebmbench.suite.rules import suite_problems
from ebmbench.suite.tuning.consequences import without_consequences
from ebmbench.suite.tuning.stages import (
    Chosen,
    Trials,
    held_out_of,
    reported_suite,
    trial_suite,
)
from ebmbench.suite.validation import validate
from ebmbench.suite.value_rules import value_problems
from ebmbench.suite.variants import Variant, Variants, dropped_sweeps, resolve_variants
from ebmbench.suite.yaml_places import Path_, dotted, place_of, plain
from ebmbench.training.batches import Batching
from ebmbench.training.optimizer import OptimizerOptions
from ebmbench.training.recipe import Measurement
from ebmbench.training.untrained import Untrained

# What stands in for the parts of a training that a suite without training may leave out.
NO_STEP = OptimizerOptions(name="sgd", lr=1.0)  # never made
NO_BATCH = Batching(size=1)  # never drawn


@dataclass(frozen=True)
class Method:
    """A method whose components were all found."""

    name: str
    model: Choice[Model]
    sampler: Choice[Sampler]
    optimizer: OptimizerOptions
    batch: Batching
    kernel: str


@dataclass(frozen=True)
class Suite:
    """A suite that can be planned: every name found, every option checked.

    Attributes:
        narrowed: by what it asks less than its file does: ``("quick", "seeds 2")``.
        tuned: dataset -> method -> the method with the settings that were chosen there.
        held_out: share of the training rows that stands in place of the test rows, in trials.
        notes: what is allowed and may surprise.
        text: of its file.
    """

    spec: SuiteSpec
    title: str
    quick: bool
    seeds: tuple[int, ...]
    datasets: dict[str, Choice[Dataset]]
    methods: dict[str, Method]
    metrics: tuple[Measurement, ...]
    variants: Variants
    narrowed: tuple[str, ...]
    notes: tuple[Problem, ...]
    node: Node = field(repr=False, compare=False)
    tuned: Mapping[str, Mapping[str, Method]] = field(default_factory=dict)
    held_out: float = 0.0
    text: str = field(default="", repr=False, compare=False)

    def methods_on(self, dataset: str) -> list[Method]:
        """The methods as they are trained on a dataset."""
        tuned = self.tuned.get(dataset, {})
        return [tuned.get(name, method) for name, method in self.methods.items()]

    def place(self, *path: str | int) -> str:
        """``file:line:column`` of what stands at ``path``."""
        return place_of(self.node, path)


def read_suite(file: Path, registry: Registry, overrides: Overrides | None = None) -> Suite:
    """The suite of a file.

    Raises:
        ConfigError: with everything that is wrong.
    """
    return suite_of(yaml_text.read_text(file), str(file), registry, overrides or Overrides())


def suite_of(text: str, name: str, registry: Registry, overrides: Overrides) -> Suite:
    """The suite of a YAML text, whose smaller version is right too.

    Args:
        text: of the file.
        name: stands for the file in errors.
        registry: what is installed.
        overrides: what is changed.

    Raises:
        ConfigError: with everything that is wrong.
    """
    written = yaml_text.parse(text, name)
    suite = _suite(written, text, name, registry, overrides)
    if suite.spec.tuning and overrides.stage is None:
        _suite(written, text, name, registry, replace(overrides, stage=Trials()))
    if not overrides.quick and has_quick(written):
        smaller = Overrides(overrides.settings, changes=overrides.changes, quick=True)
        try:
            _suite(written, text, name, registry, smaller)
        except ConfigError as error:
            told = [
                each._replace(problem=f"with --quick: {each.problem}") for each in error.problems
            ]
            raise ConfigError(told) from None
    return suite


def _suite(
    written: MappingNode, text: str, name: str, registry: Registry, overrides: Overrides
) -> Suite:
    whole, laid_over = whole_of(written), overridden(written, overrides)
    plain_node, variants = resolve_variants(laid_over)
    yaml_text.require_bounded(plain_node, name)
    stage, only = overrides.stage, overrides.only
    if isinstance(stage, Trials):
        node, variants = trial_suite(plain_node, variants, stage, only)
        whole, only = UNKNOWN, ()
    else:
        node = reported_suite(plain_node)
    spec, problems = validate(SuiteSpec, plain(node), node)
    if spec is None:
        raise ConfigError(_each_once(without_consequences(problems, plain_node)))
    reader = _Reader(node, registry, missing_distributions(spec.requires, Path(name).parent))
    methods = _chosen(spec, variants["methods"], only)
    suite = Suite(
        spec=spec,
        title=yaml_text.head_comment(text).split("\n\n")[0].replace("\n", " "),
        quick=overrides.quick,
        seeds=tuple(range(spec.seeds) if isinstance(spec.seeds, int) else spec.seeds),
        datasets={
            name: choice
            for name, each in spec.datasets.items()
            if (choice := reader.choice("datasets", each, ("datasets", name)))
        },
        methods=reader.methods(methods),
        metrics=tuple(
            Measurement(choice, each.moments, each.value_name)
            for index, each in enumerate(spec.metrics)
            if (choice := reader.choice("metrics", each, ("metrics", index)))
        ),
        variants=variants,
        narrowed=narrowed(whole, spec, methods, overrides),
        notes=(*dropped_sweeps(laid_over), *no_smaller(written)),
        node=node,
        tuned={
            dataset: _tuned(reported_suite(plain_node, chosen), methods, registry)
            for dataset, chosen in (stage.trials if isinstance(stage, Chosen) else {}).items()
        },
        held_out=held_out_of(plain_node) if isinstance(stage, Trials) else 0.0,
        text=text,
    )
    problems = [*reader.problems, *suite_problems(spec, variants, whole, node)]
    if len(suite.metrics) == len(spec.metrics):
        problems += value_problems(spec, suite.metrics, node)
    if problems:
        raise ConfigError(_each_once(without_consequences(problems, plain_node)))
    return suite


def _tuned(node: MappingNode, names: Collection[str], registry: Registry) -> dict[str, Method]:
    """The methods of a suite in which all is checked but the settings that were chosen."""
    spec, problems = validate(SuiteSpec, plain(node), node)
    reader = _Reader(node, registry, {})
    methods = reader.methods({name: spec.methods[name] for name in names}) if spec else {}
    if problems or reader.problems:
        raise ConfigError(_each_once([*problems, *reader.problems]))
    return methods


class _Reader:
    """Looks components up and checks their options, collecting what is wrong."""

    def __init__(self, node: Node, registry: Registry, missing: Mapping[str, str]) -> None:
        self.node = node
        self.registry = registry
        self.missing = missing
        self.problems: list[Problem] = []

    def methods(self, specs: dict[str, MethodSpec]) -> dict[str, Method]:
        """The methods whose components were found."""
        methods = {}
        for name, spec in specs.items():
            path = ("methods", name)
            model = self.choice("models", spec.model, (*path, "model"))
            sampler = self._sampler(spec.sampler, (*path, "sampler"))
            self._check_kernel(spec.kernel, (*path, "kernel"))
            if model and sampler:
                optimizer, batch = spec.optimizer or NO_STEP, spec.batch or NO_BATCH
                methods[name] = Method(name, model, sampler, optimizer, batch, spec.kernel)
        return methods

    def _sampler(self, spec: ComponentSpec | None, path: Path_) -> Choice[Any] | None:
        if spec is None:
            return Choice(Untrained, Untrained.Options())
        return self.choice("samplers", spec, path)

    def choice(self, family: str, spec: ComponentSpec, path: Path_) -> Choice[Any] | None:
        """The component with its options, or None where something is wrong."""
        entry = self.registry.get(family, spec.name)
        if entry is None:
            self._unknown(family, spec.name, (*path, "name"))
            return None
        try:
            with contained(f"{FAMILIES[family].singular} '{spec.name}'"):
                options, problems = validate(
                    entry.component.Options, spec.model_extra, self.node, path
                )
        except ComponentError as error:
            options, problems = None, [Problem(place_of(self.node, path), dotted(path), str(error))]
        self.problems += problems
        return None if options is None else Choice(entry.component, options)

    def _check_kernel(self, name: str, path: Path_) -> None:
        if name != "auto" and self.registry.get("kernels", name) is None:
            self._unknown("kernels", name, path)

    def _unknown(self, family: str, name: str, path: Path_) -> None:
        remedy = did_you_mean(name, self.registry.names(family))
        if self.missing:
            wanted, given = ", ".join(self.missing), " ".join(self.missing.values())
            remedy = f"The suite requires {wanted}, not installed: pip install {given}."
        elif self.registry.broken:
            broken = "; ".join(f"{who} ({why})" for who, why in self.registry.broken.items())
            remedy += f" These plugins could not be loaded: {broken}."
        elif not self.registry.names(family):
            remedy = f"No plugin that brings {family} is loaded; see `ebmbench list` and {ONLY}."
        where = place_of(self.node, path)
        problem = f"no such {FAMILIES[family].singular}: '{name}'"
        self.problems.append(Problem(where, dotted(path), problem, remedy))


def _chosen(
    spec: SuiteSpec, variants: dict[str, Variant], only: Sequence[str]
) -> dict[str, MethodSpec]:
    """The methods that --only leaves; the name of a swept method stands for all its variants."""
    known = list(dict.fromkeys([*spec.methods, *(each.origin for each in variants.values())]))
    unknown = [name for name in only if name not in known]
    if unknown:
        raise ConfigError(
            [
                Problem(f"--only {name}", "", "no such method", did_you_mean(name, known))
                for name in unknown
            ]
        )
    return {
        name: method
        for name, method in spec.methods.items()
        if not only or name in only or variants[name].origin in only
    }


def _each_once(problems: Sequence[Problem]) -> list[Problem]:
    """One complaint per mistake, though others may extend the method in which it stands."""
    first: dict[tuple[str, str, str], Problem] = {}
    for each in problems:
        first.setdefault((each.place, each.path.rsplit(".", 1)[-1], each.problem), each)
    return list(first.values())


def missing_distributions(
    requires: Sequence[str] | Mapping[str, str], folder: Path
) -> dict[str, str]:
    """What a suite in ``folder`` requires and is not installed, and what pip is given for it."""
    given = requires if isinstance(requires, Mapping) else {text: text for text in requires}
    return {
        text: os.path.normpath(folder / pip) if pip.startswith(".") else pip
        for text, pip in given.items()
        if not _is_installed(text)
    }


def _is_installed(text: str) -> bool:
    try:
        requirement = Requirement(text)
        return requirement.specifier.contains(version(requirement.name), prereleases=True)
    except (InvalidRequirement, PackageNotFoundError):
        return False
