"""A suite: what a YAML file says, checked as a whole before anything runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated, Any, TypeVar

from packaging.requirements import InvalidRequirement, Requirement
from pydantic import BaseModel, ConfigDict, Field, model_validator
from yaml import MappingNode, Node

from ebmbench import yaml_places
from ebmbench.batches import Batching
from ebmbench.component import Component, Options
from ebmbench.errors import ConfigError, Problem, did_you_mean
from ebmbench.optimizer import OptimizerOptions
from ebmbench.registry import ONLY, Registry
from ebmbench.schedule import At
from ebmbench.validation import validate
from ebmbench.variants import resolve_methods
from ebmbench.yaml_places import Path_, dotted, merge, nest, place_of, plain

Seed = Annotated[int, Field(ge=0, lt=2**63)]
C = TypeVar("C", bound=Component)


class ComponentSpec(BaseModel):
    """A component by name; its own options are checked against the component itself."""

    model_config = ConfigDict(frozen=True, extra="allow")

    name: str = Field(description="The component's name, see `ebmbench list`")


class MetricSpec(ComponentSpec):
    """A metric and when it is measured."""

    at: At = Field("log", description="log, {every: n} or {epochs: [...]}; the last is always one")


class MethodSpec(Options):
    """How a model is trained."""

    model: ComponentSpec = Field(description="What learns")
    sampler: ComponentSpec = Field(description="What supplies the negative phase")
    optimizer: OptimizerOptions = Field(description="An optimiser of torch.optim, with its lr")
    batch: Batching = Field(description="Batch size, and what becomes of a smaller last batch")
    kernel: str = Field("auto", description="What does Gibbs sweeps; auto takes the fastest")


class TrainSpec(Options):
    """How long methods are trained."""

    epochs: int = Field(ge=1, description="Epochs of every method")
    time_limit: float | None = Field(
        None, gt=0, description="Seconds after which a block of replicas is given up"
    )


class TargetSpec(Options):
    """A value to reach."""

    metric: str = Field(description="A value's name, such as hamming.test")
    below: float | None = Field(None, description="Reached when the value is below this")
    above: float | None = Field(None, description="Reached when the value is above this")

    @model_validator(mode="after")
    def _one_side(self) -> TargetSpec:
        if (self.below is None) == (self.above is None):
            raise ValueError("give either below or above")
        return self


class ReportSpec(Options):
    """What the report compares."""

    baseline: str | None = Field(None, description="The method that others are compared with")
    target: TargetSpec | None = Field(None, description="The value that decides, and its goal")
    margin: dict[str, Annotated[float, Field(ge=0)]] = Field(
        default_factory=dict, description="Differences too small to matter, by value name"
    )
    columns: list[str] = Field(
        default_factory=list, description="Values in the main table, such as hamming.test"
    )
    deviations: list[str] = Field(
        default_factory=list, description="Where the suite departs from what it reproduces"
    )


class SuiteSpec(Options):
    """The keys of a suite."""

    suite: str = Field(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$",
        description="The suite's name, also of its folder: letters, digits, dot, dash, underscore",
    )
    seeds: Annotated[int, Field(ge=1)] | Annotated[list[Seed], Field(min_length=1)] = Field(
        description="A number n for seeds 0 to n-1, or a list"
    )
    requires: list[str] = Field(
        default_factory=list, description="Distributions that bring this suite's components"
    )
    datasets: dict[str, ComponentSpec] = Field(min_length=1, description="Datasets by name")
    methods: dict[str, MethodSpec] = Field(min_length=1, description="Methods by name")
    train: TrainSpec = Field(description="How long methods are trained")
    metrics: list[MetricSpec] = Field(min_length=1, description="What is measured, and when")
    report: ReportSpec = Field(ReportSpec(), description="What is compared")
    quick: dict[str, Any] = Field(
        default_factory=dict, description="A smaller version: what --quick lays over the suite"
    )

    @model_validator(mode="after")
    def _each_seed_once(self) -> SuiteSpec:
        if isinstance(self.seeds, list) and len(set(self.seeds)) < len(self.seeds):
            raise ValueError("a seed stands twice in the list of seeds")
        return self


@dataclass(frozen=True)
class Choice:
    """A component with its checked options, not yet built. Frozen and picklable."""

    component: type[Component]
    options: Options

    @property
    def name(self) -> str:
        """The component's name."""
        return self.component.name

    def build(self, *arguments: Any) -> Any:
        """The component, from its options and what else its constructor takes."""
        return self.component(self.options, *arguments)


@dataclass(frozen=True)
class Method:
    """A method whose components were all found."""

    name: str
    model: Choice
    sampler: Choice
    optimizer: OptimizerOptions
    batch: Batching
    kernel: str


@dataclass(frozen=True)
class Suite:
    """A suite that can be planned: every name found, every option checked."""

    spec: SuiteSpec
    file: str
    title: str
    quick: bool
    seeds: tuple[int, ...]
    datasets: dict[str, Choice]
    methods: dict[str, Method]
    metrics: tuple[tuple[Choice, At], ...]
    node: Node = field(repr=False, compare=False)

    def place(self, *path: str | int) -> str:
        """``file:line:column`` of what stands at ``path``."""
        return place_of(self.node, path)


@dataclass(frozen=True)
class Overrides:
    """What the command line changes of a suite."""

    settings: tuple[str, ...] = ()  # path=value
    seeds: str | None = None
    epochs: int | None = None
    only: tuple[str, ...] = ()
    quick: bool = False


def read_suite(file: Path, registry: Registry, overrides: Overrides | None = None) -> Suite:
    """The suite of a file.

    Raises:
        ConfigError: with everything that is wrong.
    """
    overrides = overrides or Overrides()
    node, origins = resolve_methods(_overridden(yaml_places.read(file), overrides))
    spec, problems = validate(SuiteSpec, plain(node), node)
    if spec is None:
        raise ConfigError(list(dict.fromkeys(problems)))
    reader = _Reader(node, registry, _missing_distributions(spec.requires))
    suite = Suite(
        spec=spec,
        file=str(file),
        title=yaml_places.head_comment(file).split("\n\n")[0].replace("\n", " "),
        quick=overrides.quick,
        seeds=tuple(range(spec.seeds) if isinstance(spec.seeds, int) else spec.seeds),
        datasets={
            name: choice
            for name, each in spec.datasets.items()
            if (choice := reader.choice("datasets", each, ("datasets", name)))
        },
        methods=reader.methods(_chosen(spec, origins, overrides.only)),
        metrics=tuple(
            (choice, each.at)
            for index, each in enumerate(spec.metrics)
            if (choice := reader.choice("metrics", each, ("metrics", index), ignore=("at",)))
        ),
        node=node,
    )
    problems = [*reader.problems, *_report_problems(spec, node)]
    if problems:  # each once, though a method that others extend is checked for each of them
        raise ConfigError(list(dict.fromkeys(problems)))
    return suite


class _Reader:
    """Looks components up and checks their options, collecting what is wrong."""

    def __init__(self, node: Node, registry: Registry, missing: list[str]) -> None:
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
            sampler = self.choice("samplers", spec.sampler, (*path, "sampler"))
            self._check_kernel(spec.kernel, (*path, "kernel"))
            if model and sampler:
                methods[name] = Method(
                    name, model, sampler, spec.optimizer, spec.batch, spec.kernel
                )
        return methods

    def choice(
        self, family: str, spec: ComponentSpec, path: Path_, ignore: tuple[str, ...] = ()
    ) -> Choice | None:
        """The component with its options, or None where something is wrong."""
        entry = self.registry.get(family, spec.name)
        if entry is None:
            self._unknown(family, spec.name, (*path, "name"))
            return None
        options, problems = validate(
            entry.component.Options, spec.model_extra, self.node, path, ignore=("name", *ignore)
        )
        self.problems += problems
        return None if options is None else Choice(entry.component, options)

    def _check_kernel(self, name: str, path: Path_) -> None:
        if name != "auto" and self.registry.get("kernels", name) is None:
            self._unknown("kernels", name, path)

    def _unknown(self, family: str, name: str, path: Path_) -> None:
        remedy = did_you_mean(name, self.registry.names(family))
        if self.missing:
            wanted = " ".join(self.missing)
            remedy = f"The suite requires {wanted}, not installed: pip install {wanted}."
        elif self.registry.broken:
            broken = "; ".join(f"{who} ({why})" for who, why in self.registry.broken.items())
            remedy += f" These plugins could not be loaded: {broken}."
        elif not self.registry.names(family):
            remedy = f"No plugin that brings {family} is loaded; see `ebmbench list` and {ONLY}."
        where = place_of(self.node, path)
        problem = f"no such {family[:-1]}: '{name}'"
        self.problems.append(Problem(where, dotted(path), problem, remedy))


def _overridden(node: MappingNode, overrides: Overrides) -> MappingNode:
    """The file's tree with ``quick`` and the command line laid over it."""
    layers: list[Node] = []
    quick = yaml_places.get(node, "quick")
    if overrides.quick:
        if not isinstance(quick, MappingNode):
            problem = "the suite has no smaller version"
            remedy = "Add a 'quick:' section with what --quick changes."
            raise ConfigError(Problem(place_of(node, ()), "quick", problem, remedy))
        layers.append(quick)
    layers += [_setting(text) for text in overrides.settings]
    if overrides.epochs is not None:
        layers.append(nest(["train", "epochs"], str(overrides.epochs), "--epochs"))
    if overrides.seeds is not None:
        layers.append(nest(["seeds"], overrides.seeds, "--seeds"))
    merged: Node = node
    for layer in layers:
        merged = merge(merged, layer)
    assert isinstance(merged, MappingNode)
    return merged


def _setting(text: str) -> MappingNode:
    path, equals, value = text.partition("=")
    if not equals or not all(path.split(".")):
        remedy = "Write path=value, such as methods.CD-10.sampler.k=1."
        raise ConfigError(Problem(f"--set {text}", "", "not a setting", remedy))
    return nest(path.split("."), value, f"--set {text}")


def _chosen(spec: SuiteSpec, origins: dict[str, str], only: Sequence[str]) -> dict[str, MethodSpec]:
    """The methods that --only leaves; the name of a swept method stands for all its variants."""
    known = [*spec.methods, *origins.values()]
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
        if not only or name in only or origins.get(name) in only
    }


def _missing_distributions(requires: Iterable[str]) -> list[str]:
    return [text for text in requires if not _is_installed(text)]


def _is_installed(text: str) -> bool:
    try:
        requirement = Requirement(text)
        return requirement.specifier.contains(version(requirement.name), prereleases=True)
    except (InvalidRequirement, PackageNotFoundError):
        return False


def _report_problems(spec: SuiteSpec, node: Node) -> list[Problem]:
    """Names in the report section that nothing in the suite bears."""
    report = spec.report
    metrics = [value_family(metric.name) for metric in spec.metrics]
    named = [(("report", "columns", i), name) for i, name in enumerate(report.columns)]
    named += [(("report", "margin", name), name) for name in report.margin]  # type: ignore[misc]
    if report.target:
        named.append((("report", "target", "metric"), report.target.metric))  # type: ignore[arg-type]
    problems = [
        Problem(
            place_of(node, path),
            dotted(path),
            f"no metric of the suite gives '{name}'",
            did_you_mean(name.split(".")[0], metrics),
        )
        for path, name in named
        if name.split(".")[0] not in metrics
    ]
    if report.baseline is not None and report.baseline not in spec.methods:
        where = ("report", "baseline")
        problem = f"no such method: '{report.baseline}'"
        remedy = did_you_mean(report.baseline, list(spec.methods))
        problems.append(Problem(place_of(node, where), dotted(where), problem, remedy))
    return problems


def value_family(metric: str) -> str:
    """A metric's name as its values bear it: ``gibbs_accessibility``."""
    return metric.replace("-", "_")
