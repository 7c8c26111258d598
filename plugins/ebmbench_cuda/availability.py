"""Where the Triton kernels run, and why not elsewhere."""

from __future__ import annotations

import os
from importlib.util import find_spec

import torch

OLDEST = (8, 0)  # Ampere: the first chips that Triton multiplies int8 on tensor cores for


def unusable(device: torch.device) -> str | None:
    """Why the kernels cannot run on ``device``; None if they can."""
    if device.type != "cuda" and not (device.type == "cpu" and interpreted()):
        return f"it needs a CUDA device, not {device}"
    if find_spec("triton") is None:
        return "triton is not installed: pip install 'ebmbench[cuda]'"
    return too_old(device) if device.type == "cuda" else None


def interpreted() -> bool:
    """Whether Triton interprets kernels on the CPU: for tests, and very slowly."""
    return os.environ.get("TRITON_INTERPRET") == "1"


def too_old(device: torch.device) -> str | None:
    """Why the chip is too old; None if it is not, or if there is no chip to ask."""
    if not torch.cuda.is_available():
        return "no CUDA device is usable here"
    found = torch.cuda.get_device_capability(device)
    if found >= OLDEST:
        return None
    return "it needs compute capability {}.{} or later, not {}.{}".format(*OLDEST, *found)
