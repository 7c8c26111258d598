"""What is stored of a run, typed: what it was asked to do, and what became of each cell.

Both carry the number of their format. Numbers that JSON does not know, infinities and NaN, are
stored as null.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite, nan
from statistics import fmean
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, model_validator

from ebmbench.interfaces.cost import Cost
from ebmbench.interfaces.metric import Direction, Range
from ebmbench.plan.plan import Skip
from ebmbench.suite.gates import GateSpec
from ebmbench.suite.keys import ReportSpec, TrainSpec
from ebmbench.suite.tuning.keys import TuningSpec
from ebmbench.suite.variants import Variant
from ebmbench.training.schedule import Budget
from ebmbench.training.stopwatch import PHASES

FORMAT = 2
"""Goes up when a file of this version can no longer be read as one of the next."""

Status = Literal["done", "diverged", "failed"]
Section = Literal["datasets", "methods"]

Whole = Annotated[int, Field(ge=0, lt=2**63)]
"""A count, an epoch, a seed."""

StoredCost = Annotated[Cost, PlainSerializer(Cost._asdict)]
StoredSkip = Annotated[Skip, PlainSerializer(Skip._asdict)]
StoredVariant = Annotated[Variant, PlainSerializer(Variant._asdict)]


class Document(BaseModel):
    """A part of what is stored: frozen, and closed to keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Curve(Document):
    """A value over training; all four have the same length.

    Attributes:
        epoch, update: when it was measured, in epochs and updates trained so far.
        seconds: training time until then, the replica's share of its block's.
        value: None where it was not finite.
    """

    epoch: tuple[Whole, ...]
    update: tuple[Whole, ...]
    seconds: tuple[float, ...]
    value: tuple[float | None, ...]

    @model_validator(mode="after")
    def _of_one_length(self) -> Curve:
        if len({len(column) for column in (self.epoch, self.update, self.seconds, self.value)}) > 1:
            raise ValueError("epoch, update, seconds and value differ in length")
        return self

    @property
    def last(self) -> float | None:
        """The final value; None where there is none."""
        return self.value[-1] if self.value else None


class PictureAbout(Document):
    """What is stored of a picture beside its arrays.

    Attributes:
        legend: what the marks of images say.
        x_label, y_label: of curves.
        epochs: when it was taken.
    """

    kind: Literal["images", "curves"]
    legend: tuple[str, ...] = ()
    x_label: str = ""
    y_label: str = ""
    epochs: Annotated[tuple[Whole, ...], Field(min_length=1)]


class CellCost(Document):
    """What a cell's training took.

    Attributes:
        updates: of the whole training.
        seconds: by phase, the replica's share of its block's time.
        typical: by phase, the same share of an update's median time; None in older records.
        cpu: seconds that the CPU computed, the replica's share; None in older records.
        counted: operations per update, by phase.
    """

    updates: Whole
    seconds: dict[str, float]
    typical: dict[str, float] | None = None
    cpu: float | None = None
    counted: dict[str, StoredCost]

    @model_validator(mode="after")
    def _of_all_phases(self) -> CellCost:
        phases = [set(self.seconds), set(self.counted), set(self.typical or PHASES)]
        if any(each != set(PHASES) for each in phases):
            raise ValueError(f"times and counts must have the phases {', '.join(PHASES)}")
        return self


class BlockShare(Document):
    """The block that a cell was trained in.

    Attributes:
        replicas: trained side by side.
        seconds: training time of all; None where it failed.
        load: of the machine as the block ended, tasks that ran or waited in the last minute over
            the number of cores; None where the system does not say.
    """

    replicas: Annotated[Whole, Field(ge=1)]
    seconds: float | None
    load: float | None = None


class Failure(Document):
    """What is known of a failure beside its reason.

    Attributes:
        attempts: how often it was tried.
        exit_code: of its process, where that died; negative where a signal ended it.
        seconds: of the last attempt, until its last sign of life; None where there was none.
        memory: bytes that its process held at most.
        last_lines: what it wrote last.
    """

    attempts: Annotated[Whole, Field(ge=1)] = 1
    exit_code: int | None = None
    seconds: float | None = None
    memory: Whole | None = None
    last_lines: tuple[str, ...] = ()


class Named(Document):
    """A component by name, version and options."""

    name: str
    version: str
    options: dict[str, Any]


class KeptModel(Document):
    """What is needed to build a trained model again, beside its parameters.

    Attributes:
        visible: V.
    """

    model: Named
    visible: Whole


class CellRecord(Document):
    """What became of a cell.

    Attributes:
        reason: why, where it is not done.
        failure: more of that, where it failed.
        curves: by value name.
        pictures: by name.
        cost: None where it could not be trained.
        unmeasured: what a metric is called -> why it failed.
        model: how to build the cell's model again, where its parameters were kept.
        started, finished: ISO 8601, UTC.
    """

    format: int = FORMAT
    id: str
    dataset: str
    method: str
    seed: Whole
    status: Status
    reason: str | None
    failure: Failure | None = None
    curves: dict[str, Curve] = {}
    pictures: dict[str, PictureAbout] = {}
    cost: CellCost | None = None
    unmeasured: dict[str, str] = {}
    block: BlockShare
    environment: dict[str, str | int]
    model: KeptModel | None = None
    started: str | None = None
    finished: str | None = None

    @property
    def fate(self) -> str:
        """done, diverged or failed; ``unmeasured`` where it is done but a metric failed."""
        return "unmeasured" if self.status == "done" and self.unmeasured else self.status


class MethodParts(Document):
    """What a method is made of; its kernel is no part: kernels differ in speed only."""

    model: Named
    sampler: Named
    optimizer: dict[str, Any]
    batch: dict[str, Any]


class Components(Document):
    """What was compared with what, by the names of the suite."""

    datasets: dict[str, Named]
    metrics: dict[str, Named]
    methods: dict[str, MethodParts]


class MetricAbout(Document):
    """A metric's units, which way is better, why it may have no value, and its range."""

    unit: str | dict[str, str]
    better: Direction | dict[str, Direction] | None
    missing: str | dict[str, str]
    range: Range | dict[str, Range] | None = None


class EarlyEnd(Document):
    """Where a trial stood when all of its method's had gone equally far.

    Attributes:
        epochs: that each had been given at most.
        values: what decides, per seed of the trials.
    """

    epochs: Whole
    values: tuple[float | None, ...]


class TrialEnd(Document):
    """Where a trial of a method ended.

    Attributes:
        number: among the method's trials, from 1.
        settings: option -> value.
        values: what decides, per seed of the trials; None where the seed diverged, failed or has no
            value.
        before: the same of the untrained models; nothing where that was not measured.
        epochs: that it was given at most.
        macs: multiply-adds of all its seeds.
        early: where it stood after the first round; None where it went no further, and in older
            runs.
    """

    number: Annotated[Whole, Field(ge=1)]
    settings: dict[str, Any]
    values: tuple[float | None, ...]
    before: tuple[float, ...] = ()
    epochs: Whole
    macs: float
    early: EarlyEnd | None = None

    @property
    def is_lost(self) -> bool:
        """Whether a seed has no value."""
        return None in self.values

    @property
    def mean(self) -> float:
        """Over the seeds; NaN where one has no value."""
        known = [value for value in self.values if value is not None]
        return nan if self.is_lost or not known else fmean(known)


class MethodTuning(Document):
    """How a method was tuned on a dataset.

    Attributes:
        trials: each where it went furthest.
        chosen: the number of the one whose settings the method has.
        ends: option -> between what it was searched, for those that are numbers between two ends.
    """

    dataset: str
    method: str
    ends: dict[str, tuple[float, float]] = {}
    trials: Annotated[tuple[TrialEnd, ...], Field(min_length=1)]
    chosen: Whole

    @property
    def best(self) -> TrialEnd:
        """The one that was chosen."""
        return next(trial for trial in self.trials if trial.number == self.chosen)


class Tuning(Document):
    """How the methods of a run were tuned, before it.

    Attributes:
        better: which way is better for what decides.
        seeds: of the trials.
    """

    spec: TuningSpec
    better: Direction
    seeds: tuple[Whole, ...]
    methods: tuple[MethodTuning, ...]

    def on(self, dataset: str) -> list[MethodTuning]:
        """Of the methods that were tuned on a dataset."""
        return [each for each in self.methods if each.dataset == dataset]


class RunDocument(Document):
    """What a run was asked to do: all that reports and comparisons need beside the records.

    Attributes:
        title: the first sentences of the suite's head comment.
        digest: of everything that the run's results depend on.
        narrowed: by what it asks less than its suite does: ``("quick", "seeds 2")``.
        epochs, until: how long models are trained, whichever ends first.
        variants: section -> name -> where it comes from, for what sweeps made.
        cells: their ids, in the order of datasets, methods and seeds.
        notes: what is allowed and may surprise, also in the data.
        tuning: how methods came to their settings; None where these are the suite's.
        text: the suite as it was written; what the command changes of it is not in there.
    """

    format: int = FORMAT
    suite: str
    title: str
    command: str
    quick: bool
    narrowed: tuple[str, ...] = ()
    digest: str
    epochs: Whole
    until: Budget | None = None
    seeds: Annotated[tuple[Whole, ...], Field(min_length=1)]
    datasets: tuple[str, ...]
    methods: tuple[str, ...]
    variants: dict[Section, dict[str, StoredVariant]]
    cells: tuple[str, ...]
    skips: tuple[StoredSkip, ...]
    notes: tuple[str, ...] = ()
    metrics: dict[str, MetricAbout]
    components: Components
    gates: dict[str, GateSpec]
    report: ReportSpec
    tuning: Tuning | None = None
    text: str = ""

    @property
    def train(self) -> TrainSpec:
        """How long models are trained; as a text ``100 epochs``."""
        return TrainSpec(epochs=self.epochs, until=self.until)


def finite(values: Iterable[float]) -> tuple[float | None, ...]:
    """The values as JSON knows them."""
    return tuple(value if isfinite(value) else None for value in values)
