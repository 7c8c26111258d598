"""The lines of a baseline: what each kind holds, and how it is read and written."""

from __future__ import annotations

import json
from math import inf, nan
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, TypeAdapter, ValidationError

from ebmbench.compare.side import CellEnd, Key
from ebmbench.errors import ConfigError, Problem
from ebmbench.interfaces.metric import Direction
from ebmbench.journal.documents import MethodParts, MetricAbout, Named, Status, Whole
from ebmbench.suite.keys import ReportSpec
from ebmbench.summary.targets import Passage
from ebmbench.training.schedule import Budget

FORMAT: Final = 1
KEPT = {"margin", "target"}  # of the report's section


class Line(BaseModel):
    """A line of a baseline; keys that it does not know are left aside."""

    model_config = ConfigDict(frozen=True)

    @property
    def text(self) -> str:
        """As it is written."""
        content = self.model_dump(mode="json", exclude=self._unsaid())
        return json.dumps(content, sort_keys=True, ensure_ascii=False, allow_nan=False)

    def _unsaid(self) -> set[str]:
        """Keys that are left out."""
        return set()


class RunLine(Line):
    """The first line: the run, and where it was made."""

    kind: Literal["run"] = "run"
    format: Literal[1] = FORMAT
    suite: str
    epochs: Whole
    until: Budget | None = None
    seeds: Annotated[tuple[Whole, ...], Field(min_length=1)]
    report: Annotated[ReportSpec, PlainSerializer(lambda spec: spec.model_dump(include=KEPT))]
    environment: dict[str, str]

    def _unsaid(self) -> set[str]:
        return {"until"} if self.until is None else set()


class DatasetLine(Line):
    """What a dataset was."""

    kind: Literal["dataset"] = "dataset"
    name: str
    component: Named


class MetricLine(Line):
    """What was measured, and which way is better."""

    kind: Literal["metric"] = "metric"
    name: str
    component: Named
    better: Direction | dict[str, Direction] | None

    @property
    def about(self) -> MetricAbout:
        """What is known of the metric."""
        return MetricAbout(unit="", better=self.better, missing="")


class MethodLine(Line):
    """What a method was made of."""

    kind: Literal["method"] = "method"
    name: str
    component: MethodParts


class ToTargetLine(Line):
    """When a cell reached the target; None for never."""

    epoch: Whole | None
    update: Whole | None

    @classmethod
    def of(cls, passage: Passage) -> ToTargetLine:
        """Seconds are not kept."""
        epoch, update = (None if at == inf else int(at) for at in passage[:2])
        return cls(epoch=epoch, update=update)

    @property
    def passage(self) -> Passage:
        """With seconds that are not known."""
        epoch, update = (inf if at is None else at for at in (self.epoch, self.update))
        return epoch, update, nan


class CellLine(Line):
    """Where a cell ended."""

    kind: Literal["cell"] = "cell"
    dataset: str
    method: str
    seed: Whole
    status: Status
    updates: Whole | None
    to_target: ToTargetLine | None
    values: dict[str, float]

    @classmethod
    def of(cls, key: Key, end: CellEnd) -> CellLine:
        """The line of a cell."""
        dataset, method, seed = key
        return cls(
            dataset=dataset,
            method=method,
            seed=seed,
            status=end.status,
            updates=end.updates,
            to_target=ToTargetLine.of(end.passage) if end.passage else None,
            values=dict(end.values),
        )

    @property
    def end(self) -> CellEnd:
        """Where the cell ended; why it did not end well is not kept."""
        passage = self.to_target.passage if self.to_target else None
        return CellEnd(self.status, None, self.updates, passage, self.values)


LINE: TypeAdapter[Line] = TypeAdapter(
    Annotated[
        RunLine | DatasetLine | MetricLine | MethodLine | CellLine, Field(discriminator="kind")
    ]
)


def parsed(place: str, text: str) -> Line:
    """The line that a text is; ``place`` is where it stands.

    Raises:
        ConfigError: it is none of a baseline.
    """
    try:
        return LINE.validate_json(text, strict=True)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise no_baseline(place, f"{where}: {first['msg']}" if where else first["msg"]) from None


def no_baseline(place: str, why: str) -> ConfigError:
    """What is said of a file that is no baseline."""
    remedy = "Make it with: ebmbench baseline RUN -o FILE."
    return ConfigError(Problem(place, "", f"not a baseline: {why}", remedy))
