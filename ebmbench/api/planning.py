"""From a suite to its plan: read, checked as a whole, every combination built once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from ebmbench.errors import ConfigError, Problem
from ebmbench.interfaces.registry import Registry
from ebmbench.plan.plan import Plan, make_plan
from ebmbench.suite import yaml_text
from ebmbench.suite.overrides import Overrides
from ebmbench.suite.suite import suite_of

SuiteLike = str | Path | Mapping[str, Any]
"""A suite's file, its YAML as a text of several lines, or its content."""


def planned(suite: SuiteLike, overrides: Overrides, device: str = "cpu") -> Plan:
    """The plan of a suite, everything in it checked.

    Raises:
        ConfigError: the suite or the device is wrong.
    """
    registry = Registry.discover()
    text, name = _text_of(suite)
    return make_plan(suite_of(text, name, registry, overrides), registry, checked_device(device))


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
