"""Committed reports as the site reads them; those of an older ebmbench say less."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Any

from ebmbench.report import phrases
from ebmbench.summary.statistics import Interval
from ebmbench.summary.statistics.places import Place

TITLE = re.compile(r"^# (.+)$", re.M)
COMPONENT = re.compile(r"[A-Za-z0-9][\w.+-]*")  # a name that a page's file can have
PICTURE = re.compile(r"\]\(([^()\s]+\.png)\)")


@dataclass(frozen=True)
class Parts:
    """What a method is made of, by name and options."""

    model: str
    sampler: str
    settings: str


@dataclass(frozen=True)
class Standing:
    """A method on a dataset in a report.

    Attributes:
        place: None in a report of an older ebmbench, or where the method has no value to go by.
        value: what is judged; "" where there is none.
        mean: of it, for an order where there are no places; infinite where there is none.
        verdict: against the baseline; "" where there is none.
        erratic: whether it may be first only as its seeds lie far apart.
    """

    method: str
    parts: Parts
    place: Place | None
    value: str
    mean: float
    verdict: str
    erratic: bool


@dataclass(frozen=True)
class Data:
    """A dataset: the component, its options, and what suites call it."""

    name: str
    component: str
    options: Mapping[str, Any]

    @property
    def identity(self) -> str:
        """The same for the same data, whatever a suite calls it."""
        return json.dumps([self.component, self.options], sort_keys=True)


@dataclass(frozen=True)
class Board:
    """A dataset's part of a report; ``standings`` are in order, the best first."""

    data: Data
    judged: str
    unit: str
    better: str
    standings: Sequence[Standing]

    @property
    def has_places(self) -> bool:
        """Whether the report was made by an ebmbench that knows places."""
        return any(each.place for each in self.standings)


@dataclass(frozen=True)
class Report:
    """A committed report with numbers.

    Attributes:
        path: its folder below ``reports``.
        tuned: whether each method had its settings tuned.
        pictures: that it shows, in order, relative to its folder.
    """

    path: str
    title: str
    command: str
    seeds: int
    methods: int
    tuned: bool
    pictures: Sequence[str]
    boards: Sequence[Board]


@dataclass(frozen=True)
class Study:
    """A committed page without numbers of a single run: what several reports, or code, show."""

    path: str
    title: str
    lead: str
    pictures: Sequence[str]


def reports_in(folder: Path) -> list[Report]:
    """All reports below a folder that have a ``summary.json``."""
    return [
        _report(file, str(file.parent.relative_to(folder).as_posix()))
        for file in sorted(folder.rglob("summary.json"))
        if (file.parent / "README.md").is_file()
    ]


def studies_in(folder: Path) -> list[Study]:
    """All other pages below a folder."""
    return [
        _study(file, str(file.parent.relative_to(folder).as_posix()))
        for file in sorted(folder.rglob("README.md"))
        if not (file.parent / "summary.json").is_file()
    ]


def _report(file: Path, path: str) -> Report:
    said = json.loads(file.read_text(encoding="utf-8"))
    run = said["run"]
    return Report(
        path=path,
        title=run.get("title", ""),
        command=run.get("command", ""),
        seeds=len(run.get("seeds", ())),
        methods=len(run.get("methods", ())),
        tuned=bool(run.get("tuning")),
        pictures=PICTURE.findall((file.parent / "README.md").read_text(encoding="utf-8")),
        boards=[board for each in said.get("boards", ()) for board in _boards(said, each)],
    )


def _study(file: Path, path: str) -> Study:
    text = file.read_text(encoding="utf-8")
    title = TITLE.search(text)
    paragraphs = [block for block in text.split("\n\n") if block[:1] not in "#|!>`-"]
    return Study(
        path=path,
        title=title[1] if title else path,
        lead=" ".join(paragraphs[0].split()) if paragraphs else "",
        pictures=PICTURE.findall(text),
    )


def _boards(said: Mapping[str, Any], board: Mapping[str, Any]) -> Iterator[Board]:
    """The board, if the report judges trained models; costs alone rank nothing."""
    judged = said.get("judged")
    if not judged or said["run"].get("epochs") == 0:
        return
    better = _of_value(said, "better", judged)
    places = board.get("places") or {}
    erratic = board.get("erratic") or {}
    found = [_standing(said, row, judged, places, erratic) for row in board["rows"]]
    sign = -1 if better == "higher" else 1
    found.sort(key=lambda s: (_middle(s.place), sign * s.mean if s.mean != inf else inf))
    yield Board(
        _data(said, board["dataset"]), judged, _of_value(said, "unit", judged), better, found
    )


def _middle(place: Place | None) -> float:
    """Of the ranks that it may be; places without an end would otherwise stand first."""
    return (place.first + place.last) / 2 if place else inf


def _standing(
    said: Mapping[str, Any],
    row: Mapping[str, Any],
    judged: str,
    places: Mapping[str, Any],
    erratic: Mapping[str, Any],
) -> Standing:
    method = row["method"]
    final = (row.get("final") or {}).get(judged)
    value = _interval(final) if final else None
    place = places.get(method)
    return Standing(
        method=method,
        parts=_parts(said, method),
        place=Place(**place) if place else None,
        value=phrases.value(value) if value else "",
        mean=value.mean if value else inf,
        verdict=_verdict(said, method, row, judged),
        erratic=method in erratic,
    )


def _interval(final: Mapping[str, Any]) -> Interval | None:
    """None where there is no mean; null stands for what is no finite number."""
    if final.get("mean") is None:
        return None
    mean, low, high = (_number(final.get(name)) for name in ("mean", "low", "high"))
    n, of, tied = (int(final.get(name) or 0) for name in ("n", "of", "tied"))
    return Interval(mean, low, high, n, of, tied)


def _number(x: float | None) -> float:
    return float("nan") if x is None else x


def _verdict(said: Mapping[str, Any], method: str, row: Mapping[str, Any], judged: str) -> str:
    baseline = (said["run"].get("report") or {}).get("baseline")
    if method == baseline:
        return "baseline"
    found = (row.get("against") or {}).get(judged) or {}
    return str(found.get("verdict") or "")


def _of_value(said: Mapping[str, Any], what: str, value: str) -> str:
    """The unit of a value, or which way is better."""
    metric, _, part = value.partition(".")
    found = ((said["run"].get("metrics") or {}).get(metric) or {}).get(what) or ""
    return str(found.get(part, "")) if isinstance(found, dict) else str(found)


def _data(said: Mapping[str, Any], name: str) -> Data:
    component = _components(said, "datasets").get(name) or {}
    kind = _component(component.get("name", name)) or "other"
    return Data(name, kind, component.get("options") or {})


def _component(name: object) -> str:
    """The name of a component; "" for what could be none, and leads out of the site's folders."""
    text = str(name)
    return text if COMPONENT.fullmatch(text) and ".." not in text else ""


def _parts(said: Mapping[str, Any], method: str) -> Parts:
    found = _components(said, "methods").get(method) or {}
    model, sampler = found.get("model") or {}, found.get("sampler") or {}
    optimizer = found.get("optimizer") or {}
    return Parts(
        model=model.get("name", ""),
        sampler=_component(sampler.get("name", "")),
        settings=", ".join(filter(None, (_steps(sampler), _step(optimizer)))),
    )


def _components(said: Mapping[str, Any], family: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = (said["run"].get("components") or {}).get(family) or {}
    return found


def _steps(sampler: Mapping[str, Any]) -> str:
    options = sampler.get("options") or {}
    return ", ".join(f"{name} {options[name]}" for name in ("k", "chains") if name in options)


def _step(optimizer: Mapping[str, Any]) -> str:
    name, lr = optimizer.get("name", ""), optimizer.get("lr")
    return f"{name} {lr:g}" if name and isinstance(lr, (int, float)) else name
