"""What a record says of where it was made."""

from __future__ import annotations

import os
import platform
import sys
from functools import cache
from importlib.metadata import version
from pathlib import Path

import torch


def environment(device: str) -> dict[str, str | int]:
    """Versions, machine and threads."""
    return {
        "ebmbench": version("ebmbench"),
        "python": platform.python_version(),
        "torch": torch.__version__,
        "numba": version("numba"),
        "numpy": version("numpy"),
        "machine": f"{platform.machine()}, {processor()}",
        "system": platform.system(),
        "device": device if device == "cpu" else torch.cuda.get_device_name(device),
        "threads": torch.get_num_threads(),
    }


def load() -> float | None:
    """Tasks that run or wait, over the number of cores, in the last minute; None if not told."""
    try:
        return os.getloadavg()[0] / (os.cpu_count() or 1)
    except OSError:
        return None


@cache
def processor() -> str:
    """The processor's name, as the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        return next(line.split(":", 1)[1].strip() for line in lines if "model name" in line)
    except (OSError, StopIteration):
        return platform.processor() or sys.platform
