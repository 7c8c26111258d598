"""What this installation can do on this machine, and what keeps it from doing more."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import torch

from ebmbench.commands.inspection.devices import (
    Device,
    devices,
    instruction_sets,
    torch_instruction_set,
)
from ebmbench.errors import ComponentError, PluginError
from ebmbench.interfaces.installed.registry import Entry, Plugin, Registry
from ebmbench.interfaces.kernel import GibbsKernel
from ebmbench.interfaces.kernel_choice import fastest
from ebmbench.isolation.contained import contained
from ebmbench.numerics import philox
from ebmbench.numerics.threads import cores, thread_count

PACKAGES = ("ebmbench", "torch", "numba", "numpy", "triton")


def examined() -> dict[str, Any]:
    """All findings as plain data. Whatever is broken is a finding, never an error."""
    registry, found = _registry(), devices()
    kernels = [_kernel(entry, found) for entry in registry.families["kernels"].values()]
    return {
        "devices": [asdict(device) for device in found],
        "instruction_sets": {"numba": instruction_sets(), "torch": torch_instruction_set()},
        "threads": {"cores": cores(), "kernels": thread_count(), "torch": torch.get_num_threads()},
        "versions": {"python": platform.python_version(), **_versions()},
        "numba_cache": _numba_cache(),
        "broken": registry.broken,
        "kernels": kernels,
        "auto": {device.device: _auto(device.device, kernels, registry) for device in found},
    }


def _registry() -> Registry:
    """What is installed; none of it where two plugins claim one name."""
    try:
        return Registry.discover()
    except PluginError as error:
        return Registry(plugins=[Plugin("all", "?", "?", "broken", str(error))])


def _versions() -> dict[str, str | None]:
    """By package; None where it is not installed."""
    return {package: _version(package) for package in PACKAGES}


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _numba_cache() -> dict[str, Any]:
    """Where compiled code is kept; if it cannot be, every process compiles it again."""
    path = philox.fill_words.stats.cache_path
    if path is None:
        return {"folder": None, "writable": False}
    folder = Path(str(path))
    return {"folder": str(folder), "writable": os.access(_existing(folder), os.W_OK)}


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that exists."""
    return next(each for each in (folder, *folder.parents) if each.exists())


def _kernel(entry: Entry, found: Iterable[Device]) -> dict[str, Any]:
    """A kernel, and device by device what keeps it from running there."""
    component = entry.component
    assert issubclass(component, GibbsKernel)
    return {
        "name": component.name,
        "plugin": entry.plugin,
        "version": entry.version,
        "priority": component.priority,
        "problems": {each.device: _problem(component, each) for each in found},
    }


def _problem(component: type[GibbsKernel], device: Device) -> str | None:
    if device.problem:
        return f"{device.device} is not usable here"
    try:
        with contained(f"kernel '{component.name}'"):
            return component(component.Options()).usable(torch.device(device.device))
    except ComponentError as error:  # that is what we are here to tell
        return error.why


def _auto(device: str, kernels: Sequence[dict[str, Any]], registry: Registry) -> str | None:
    """What ``kernel: auto`` takes there for a model that all kernels can sweep."""
    usable = {kernel["name"] for kernel in kernels if kernel["problems"][device] is None}
    chosen = fastest(kernel for kernel in registry.kernels() if kernel.name in usable)
    return chosen.name if chosen else None
