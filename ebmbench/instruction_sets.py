"""The processor's vector instructions, those that the compiled kernels' speed depends on."""

from __future__ import annotations

import llvmlite.binding as llvm
import torch

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
