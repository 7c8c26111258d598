"""Settings of the whole process: whoever changes one changes everybody's numbers."""

from __future__ import annotations

import os
import random
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch


class Setting(NamedTuple):
    """A setting: what it is called in a sentence, how it is read, and how it is set."""

    name: str
    read: Callable[[], Any]
    write: Callable[[Any], object]


SETTINGS = (
    Setting("torch's default dtype", torch.get_default_dtype, torch.set_default_dtype),
    Setting("torch's default device", torch.get_default_device, lambda device: _compute_on(device)),
    Setting("torch's grad mode", torch.is_grad_enabled, torch._C._set_grad_enabled),
    Setting("torch's number of threads", torch.get_num_threads, torch.set_num_threads),
    Setting(
        "torch's deterministic mode",
        torch.are_deterministic_algorithms_enabled,
        torch.use_deterministic_algorithms,
    ),
    Setting(
        "torch's precision of products",
        torch.get_float32_matmul_precision,
        torch.set_float32_matmul_precision,
    ),
    Setting("numpy's errors", np.geterr, lambda errors: np.seterr(**errors)),
    Setting("the current folder", lambda: _current_folder(), os.chdir),
    Setting("the limit of recursion", sys.getrecursionlimit, sys.setrecursionlimit),
    Setting("warnings to errors", lambda: _raised(), lambda raised: _raise_only(raised)),
)
"""Those that change numbers, or what others may do."""

_GENERATORS = (
    Setting("random", random.getstate, random.setstate),
    Setting("numpy", np.random.get_state, np.random.set_state),
    Setting("torch", torch.get_rng_state, torch.set_rng_state),
)


@contextmanager
def generators_kept() -> Iterator[None]:
    """Put the process's random generators back: we use none of them, a script that calls us may."""
    states = [generator.read() for generator in _GENERATORS]
    try:
        yield
    finally:
        for generator, state in zip(_GENERATORS, states, strict=True):
            generator.write(state)


@contextmanager
def settings_kept(who: str) -> Iterator[None]:
    """Put back what changes within, and say on stderr whose doing it was; if not "", whose."""
    before = [setting.read() for setting in SETTINGS]
    try:
        yield
    finally:
        changed = [
            setting.name
            for setting, value in zip(SETTINGS, before, strict=True)
            if setting.read() != value and _put_back(setting, value)
        ]
        if changed and who:
            print(f"{who} changes {', '.join(changed)}: put back.", file=sys.stderr)


def _put_back(setting: Setting, value: Any) -> bool:
    """Set it as it was, where that can be."""
    with suppress(OSError, TypeError):
        setting.write(value)
        return True
    return False


def _compute_on(device: torch.device) -> None:
    torch.set_default_device(None if device.type == "cpu" else device)  # None: no mode at all


def _current_folder() -> str | None:
    """None where it is gone."""
    with suppress(OSError):
        return str(Path.cwd())
    return None


def _raised() -> list[Any]:
    """The filters that make errors of warnings; libraries add others as they are imported."""
    return [each for each in warnings.filters if each[0] == "error"]


def _raise_only(raised: list[Any]) -> None:
    warnings.filters[:] = [  # type: ignore[index]
        each for each in warnings.filters if each[0] != "error" or each in raised
    ]
    warnings._filters_mutated()  # type: ignore[attr-defined]  # as catch_warnings does
