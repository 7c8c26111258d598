"""The keys of a suite: what may stand where, with types and bounds."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from ebmbench.interfaces.component import Options
from ebmbench.suite.gates import GateSpec, Level
from ebmbench.suite.spelling import spelled
from ebmbench.suite.tuning.keys import Tune, TuningSpec
from ebmbench.training.batches import Batching
from ebmbench.training.optimizer import OptimizerOptions
from ebmbench.training.schedule import MOST_EPOCHS, MOST_SECONDS, At, Budget, Epochs, Every

MOST_SEEDS = 10_000
LONGEST = Field(max_length=100)

Label = Annotated[
    str, LONGEST, *spelled(r"[A-Za-z0-9_-]+", "letters, digits, dashes and underscores")
]
SuiteName = Annotated[
    str,
    LONGEST,
    *spelled(
        r"[A-Za-z0-9][A-Za-z0-9._-]*",
        "letters, digits, dots, dashes and underscores, a letter or a digit first",
    ),
]


def _a_count(seeds: int) -> int:
    if seeds > MOST_SEEDS:
        raise ValueError(
            f"{seeds} would be that many seeds, of at most {MOST_SEEDS}. "
            f"For one seed write a list: seeds: [{seeds}]."
        )
    return seeds


Count = Annotated[
    int, AfterValidator(_a_count), Field(ge=1, json_schema_extra={"maximum": MOST_SEEDS})
]
Seed = Annotated[int, Field(ge=0, lt=2**63)]
Seeds = Annotated[
    list[Seed],
    Field(min_length=1, max_length=MOST_SEEDS, json_schema_extra={"uniqueItems": True}),
]


class ComponentSpec(BaseModel):
    """A component by name; its own options are checked against the component itself."""

    model_config = ConfigDict(frozen=True, extra="allow")

    name: str = Field(description="The component's name, see `ebmbench list`")


class MetricSpec(ComponentSpec):
    """A metric and when it is measured."""

    at: At | None = Field(
        None, description="log (the default), {every: n} or {epochs: [...]}; the last is always one"
    )
    every: int | None = Field(None, ge=1, le=MOST_EPOCHS, description="n, short for at: {every: n}")
    epochs: list[Annotated[int, Field(ge=0, le=MOST_EPOCHS)]] | None = Field(
        None, min_length=1, description="Short for at: {epochs: [...]}"
    )
    label: Label | None = Field(
        None,
        alias="as",
        description="What its values are called, where a metric is measured in two ways",
    )

    @model_validator(mode="after")
    def _one_way(self) -> MetricSpec:
        if sum(given is not None for given in (self.at, self.every, self.epochs)) > 1:
            raise ValueError("give only one of at, every and epochs")
        return self

    @property
    def moments(self) -> At:
        """When it is measured."""
        if self.every is not None:
            return Every(every=self.every)
        if self.epochs is not None:
            return Epochs(epochs=self.epochs)
        return self.at or "log"

    @property
    def value_name(self) -> str:
        """What its values are called: ``gibbs_accessibility``."""
        return (self.label or self.name).replace("-", "_")


class MethodSpec(Options):
    """How a model is trained; without training (``train: {epochs: 0}``) a model alone will do."""

    model: ComponentSpec = Field(description="What learns")
    sampler: ComponentSpec | None = Field(None, description="What supplies the negative phase")
    optimizer: OptimizerOptions | None = Field(
        None, description="An optimiser of torch.optim, with its lr"
    )
    batch: Batching | None = Field(
        None, description="Batch size, and what becomes of a smaller last batch"
    )
    kernel: str = Field("auto", description="What does Gibbs sweeps; auto takes the fastest")
    tune: Tune | None = Field(
        None,
        description="What is searched for this method, where the suite tunes: {optimizer.lr: "
        "{log: [1e-4, 1e-1]}, sampler.k: [1, 5, 10]}",
    )


class TrainSpec(Options):
    """How long methods are trained: so many epochs, until a budget is spent, or what is sooner."""

    epochs: int = Field(
        MOST_EPOCHS,
        ge=0,
        le=MOST_EPOCHS,
        description="Epochs of every method; 0 measures models untrained",
    )
    until: Budget | None = Field(
        None,
        description="What each replica may spend: {macs: 1e12}, {updates: 5000} or {seconds: 600}",
    )
    time_limit: float | None = Field(
        None,
        gt=0,
        le=MOST_SECONDS,
        description="Seconds after which a block of replicas is given up",
    )

    @model_validator(mode="after")
    def _ends(self) -> TrainSpec:
        if self.until is None and "epochs" not in self.model_fields_set:
            raise ValueError("give epochs, or until: {macs: ...}, {updates: ...} or {seconds: ...}")
        if self.until is not None and not self.epochs:
            raise ValueError("epochs: 0 trains nothing, and spends nothing; leave until out")
        return self

    def __str__(self) -> str:
        epochs = f"{self.epochs} epochs"
        if self.until is None:
            return epochs
        return f"{self.until}" if self.epochs == MOST_EPOCHS else f"{self.until}, at most {epochs}"


Keep = Literal["nothing", "parameters"]


class TargetSpec(Options):
    """A value to reach."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": ["below"]}, {"required": ["above"]}]}
    )

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

    baseline: str | None = Field(
        None,
        description="The method that others are compared with; a swept method's first name stands "
        "for its variant of equal swept values",
    )
    target: TargetSpec | None = Field(None, description="The value that decides, and its goal")
    margin: dict[str, Annotated[float, Field(ge=0)]] = Field(
        default_factory=dict, description="Differences too small to matter, by value name"
    )
    columns: list[str] = Field(
        default_factory=list, description="Values in the main table, such as hamming.test"
    )
    axes: dict[str, Annotated[list[str], Field(min_length=1)]] = Field(
        default_factory=dict,
        description="Swept options that mean the same and share figures, by the name of their "
        "axis: {standard deviation of W: [model.init_std, model.scale]}",
    )
    marks: dict[str, dict[str, float]] = Field(
        default_factory=dict,
        description="Points to mark on an axis of a sweep, by its name or by the option: "
        "{model.init_std: {Glorot: 0.044}}",
    )
    cites: list[str] = Field(
        default_factory=list,
        description="The papers that the suite reproduces or follows, for `ebmbench cite`: keys of "
        "ebmbench's references.bib, or whole BibTeX entries",
    )
    deviations: list[str] = Field(
        default_factory=list, description="Where the suite departs from what it reproduces"
    )


class SuiteSpec(Options):
    """The keys of a suite."""

    suite: SuiteName = Field(description="The suite's name, also of its folder")
    seeds: Count | Seeds = Field(description="A number n for seeds 0 to n-1, or a list")
    requires: list[str] | dict[str, str] = Field(
        default_factory=list,
        description="Distributions that bring this suite's components: a list; or what pip is "
        "given to install each, such as a folder (./ is where the suite is)",
    )
    datasets: dict[str, ComponentSpec] = Field(
        min_length=1,
        description="Datasets by name; extends: OTHER and sweep: {option: [values]} make more",
    )
    methods: dict[str, MethodSpec] = Field(
        min_length=1,
        description="Methods by name; extends: OTHER and sweep: {sampler.k: [1, 10]} make more",
    )
    train: TrainSpec = Field(description="How long methods are trained")
    tuning: TuningSpec | None = Field(
        None, description="How much search each method gets that says what is searched (tune:)"
    )
    metrics: list[MetricSpec] = Field(min_length=1, description="What is measured, and when")
    report: ReportSpec = Field(ReportSpec(), description="What is compared")
    gates: dict[str, GateSpec | Level] = Field(
        default_factory=dict,
        description="How much worse a value may become before `ebmbench compare` warns or fails: "
        "{hamming.test: {warn: 2%, fail: 5%}}, or hamming.test: 5% for fail alone; an amount in "
        "the value's unit in place of per cent",
    )
    keep: Keep = Field(
        "nothing",
        description="What is kept of a trained model beside its values: nothing, or its final "
        "parameters, for `ebmbench sample` and for Python",
    )
    quick: dict[str, Any] = Field(
        default_factory=dict, description="A smaller version: what --quick lays over the suite"
    )
