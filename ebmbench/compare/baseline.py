"""Baselines: what a run ended with, as sorted lines of JSON that live in version control.

A line for the run and where it was made, one per dataset, metric and method, then one per cell. A
cell that changes changes one line. Spectra, curves and times are left out: the first are long, the
last are not to be compared between machines.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from math import inf
from pathlib import Path
from typing import Any

from ebmbench.compare.side import HEAD, End, Key, Side
from ebmbench.errors import ConfigError, Problem
from ebmbench.summary.targets import Passage

FORMAT = 1
SUFFIX = ".jsonl"
FAMILIES = {"dataset": "datasets", "metric": "metrics", "method": "methods"}
Line = dict[str, Any]


def lines_of(side: Side) -> Iterator[str]:
    """The lines of a side's baseline, each with its newline."""
    for line in _lines(side):
        yield json.dumps(line, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"


def read_baseline(file: Path) -> Side:
    """The side that a baseline is.

    Raises:
        ConfigError: the file cannot be read, or is no baseline.
    """
    try:
        return _side(str(file), file.read_text(encoding="utf-8").splitlines())
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        remedy = "Make it with: ebmbench baseline RUN -o FILE."
        problem = f"not a baseline: {type(error).__name__}: {error}"
        raise ConfigError(Problem(str(file), "", problem, remedy)) from None


def _side(name: str, texts: Sequence[str]) -> Side:
    lines = [json.loads(text) for text in texts if text]
    if not lines or lines[0]["kind"] != "run" or lines[0]["format"] != FORMAT:
        raise ValueError(f"its first line is not that of a baseline of format {FORMAT}")
    kinds = {kind: [line for line in lines if line["kind"] == kind] for kind in (*FAMILIES, "cell")}
    head = {
        **{key: value for key, value in lines[0].items() if key not in ("kind", "format")},
        "components": {
            family: {line["name"]: line["component"] for line in kinds[kind]}
            for kind, family in FAMILIES.items()
        },
        "metrics": {line["name"]: {"better": line["better"]} for line in kinds["metric"]},
    }
    ends = dict(map(_cell, kinds["cell"]))
    return Side(name, head, tuple(dict.fromkeys(key[:2] for key in ends)), ends)


def _lines(side: Side) -> Iterator[Line]:
    head = {key: side.head[key] for key in HEAD if key not in ("components", "metrics", "report")}
    report = {key: side.head["report"].get(key) for key in ("margin", "target")}
    environment = side.head["environment"]
    yield {"kind": "run", "format": FORMAT, **head, "report": report, "environment": environment}
    for kind, family in FAMILIES.items():
        for name, component in sorted(side.head["components"][family].items()):
            about = {"better": side.head["metrics"][name]["better"]} if kind == "metric" else {}
            yield {"kind": kind, "name": name, "component": component, **about}
    for key in sorted(side.ends):
        yield _cell_line(key, side.ends[key])


def _cell_line(key: Key, end: End) -> Line:
    passage = end.passage and {
        name: None if at == inf else at
        for name, at in zip(("epoch", "update"), end.passage, strict=False)
    }
    return {
        "kind": "cell",
        **dict(zip(("dataset", "method", "seed"), key, strict=True)),
        "status": end.status,
        "updates": end.updates,
        "to_target": passage,
        "values": dict(end.values),
    }


def _cell(line: Line) -> tuple[Key, End]:
    key = (line["dataset"], line["method"], line["seed"])
    end = End(line["status"], None, line["updates"], _passage(line["to_target"]), line["values"])
    return key, end


def _passage(found: dict[str, int | None] | None) -> Passage | None:
    """Seconds were not kept."""
    if found is None:
        return None
    epoch, update = (inf if at is None else at for at in (found["epoch"], found["update"]))
    return epoch, update, float("nan")


def write_baseline(side: Side, file: Path) -> None:
    """Write a side's baseline."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(lines_of(side)), encoding="utf-8")
