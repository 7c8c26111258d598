"""From a suite to its plan: read, checked as a whole, every combination built once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import torch

from ebmbench.errors import ComponentError, ConfigError, Problem
from ebmbench.interfaces.installed.registry import Registry
from ebmbench.isolation.apart import Lost as ProcessLost
from ebmbench.isolation.apart import apart
from ebmbench.plan.plan import NONE_LOST, Lost, Plan, make_plan
from ebmbench.suite import yaml_text
from ebmbench.suite.overrides import Overrides
from ebmbench.suite.suite import suite_of
from ebmbench.suite.tuning.stages import Stage

SuiteLike = str | Path | Mapping[str, Any]
"""A suite's file, its YAML as a text of several lines, or its content."""


class Asked(NamedTuple):
    """A suite, what changes of it, and where it is to run."""

    suite: SuiteLike
    overrides: Overrides
    device: str = "cpu"

    def planned(self, stage: Stage = None) -> Plan:
        """The plan; of a suite that tunes, of a stage of that.

        Raises:
            ConfigError: the suite or the device is wrong.
        """
        return planned(self.suite, replace(self.overrides, stage=stage), self.device)


class _Question(NamedTuple):
    """What is to be planned: a suite's text, what stands for its file, what changes, where."""

    text: str
    name: str
    overrides: Overrides
    device: str


def planned(suite: SuiteLike, overrides: Overrides, device: str = "cpu") -> Plan:
    """The plan of a suite, everything in it checked.

    Where plugins are loaded that are not ours, it is made in a process of its own: one of their
    components may crash or hang while it is built.

    Raises:
        ConfigError: the suite or the device is wrong.
    """
    registry = Registry.discover()
    question = _Question(*_text_of(suite), overrides, device)
    return _apart(question, registry) if registry.third_party else _answer(question, registry)


def _answer(question: _Question, registry: Registry, lost: Lost = NONE_LOST) -> Plan:
    suite = suite_of(question.text, question.name, registry, question.overrides)
    return make_plan(suite, registry, checked_device(question.device), lost)


def _apart(question: _Question, registry: Registry) -> Plan:
    """The answer from a process of its own; whatever takes it down is left out of the next."""
    lost: dict[str, ComponentError] = {}
    while True:
        try:
            return apart(_answer, question, registry, lost)
        except ProcessLost as found:
            step, *parts = found.doing or (question.name,)
            if step in lost or not parts:
                raise ComponentError(step, found.how) from None
            lost[step] = ComponentError(parts[-1], found.how)


def checked_device(name: str) -> str:
    """The device's name, if it can be computed on.

    Raises:
        ConfigError: there is no such device here.
    """
    remedy = "Use cpu, cuda or cuda:N."
    try:
        device = torch.device(name)
    except (RuntimeError, TypeError):
        raise _no_device(f"no such device: '{name}'", remedy) from None
    if device.type not in ("cpu", "cuda") or (device.type == "cpu" and device.index is not None):
        raise _no_device(f"nothing is trained on '{name}'", remedy)
    if device.type == "cuda":
        _require_cuda(device)
    return str(name)


def _require_cuda(device: torch.device) -> None:
    if not torch.cuda.is_available():
        remedy = "Leave --device out to run on the CPU."
        raise _no_device("no CUDA device is usable here", remedy)
    count = torch.cuda.device_count()
    if device.index is not None and device.index >= count:
        raise _no_device(f"no such device: '{device}'", f"There are cuda:0 to cuda:{count - 1}.")


def _no_device(problem: str, remedy: str) -> ConfigError:
    return ConfigError(Problem("--device", "", problem, remedy))


def _text_of(suite: SuiteLike) -> tuple[str, str]:
    """A suite's YAML, and what stands for its file in errors."""
    if isinstance(suite, Mapping):
        return yaml_text.written(dict(suite), "suite"), "suite"
    if isinstance(suite, str) and "\n" in suite:
        return suite, "suite"
    if not isinstance(suite, str | Path):
        remedy = "Give a file, a YAML text or a mapping."
        raise ConfigError(Problem("suite", "", f"{suite!r} is no suite", remedy))
    return yaml_text.read_text(Path(suite)), str(suite)
