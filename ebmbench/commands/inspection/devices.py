"""The devices of this machine, and why one that might be expected is not usable."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import llvmlite.binding as llvm
import torch

from ebmbench.running.blocks.environment import processor
from ebmbench.running.memory import total_memory


@dataclass(frozen=True)
class Device:
    """What ``--device`` may name.

    Attributes:
        device: "cpu", "cuda:0"; "cuda" alone where no CUDA device is usable.
        model: what the maker calls it; None where there is none.
        memory: bytes in all; None where nobody says.
        capability: compute capability of a CUDA device, "9.0".
        problem: why nothing can be computed on it; None where it works.
    """

    device: str
    model: str | None = None
    memory: int | None = None
    capability: str | None = None
    problem: str | None = None


def devices() -> list[Device]:
    """The CPU, then the CUDA devices, or why there is none."""
    return [Device("cpu", processor(), total_memory()), *_cuda_devices()]


def _cuda_devices() -> list[Device]:
    with warnings.catch_warnings(action="ignore"):  # what torch warns of is a problem below
        problem = _cuda_problem()
        if problem:
            return [Device("cuda", problem=problem)]
        return [_cuda_device(index) for index in range(torch.cuda.device_count())]


def _cuda_problem() -> str | None:
    """Why torch finds no CUDA device at all."""
    if not torch.backends.cuda.is_built():  # type: ignore[no-untyped-call]
        return (
            f"torch {torch.__version__} is built without CUDA; install a CUDA build of torch "
            "to use an NVIDIA GPU"
        )
    try:
        torch.cuda.init()  # type: ignore[no-untyped-call]
    except (RuntimeError, AssertionError) as error:  # no driver, a driver too old, no device
        return str(error).splitlines()[0]
    return None


def _cuda_device(index: int) -> Device:
    properties = torch.cuda.get_device_properties(index)
    return Device(
        f"cuda:{index}",
        properties.name,
        properties.total_memory,
        f"{properties.major}.{properties.minor}",
        _trial_problem(torch.device("cuda", index)),
    )


def _trial_problem(device: torch.device) -> str | None:
    """Why one addition fails there: a device may be seen and yet be too old for this torch."""
    try:
        torch.ones(1, device=device).add(1).item()
    except RuntimeError as error:
        return str(error).splitlines()[0]
    return None


# As LLVM calls them, the plain ones first.
THAT_MATTER = (
    "avx2",
    "fma",
    "avx512f",
    "avx512vnni",
    "avxvnni",
    "avx512bf16",
    "amx-int8",
    "amx-bf16",
    "neon",
    "dotprod",
    "i8mm",
    "sve",
)


def instruction_sets() -> list[str]:
    """Those of ``THAT_MATTER`` that numba may use on this processor."""
    features = llvm.get_host_cpu_features()
    return [name for name in THAT_MATTER if features.get(name)]


def torch_instruction_set() -> str:
    """The one that torch's own CPU code runs with: "AVX2", "AVX512", "DEFAULT"."""
    return torch.backends.cpu.get_cpu_capability()
