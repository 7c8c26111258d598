"""How kernels are compiled, or interpreted."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import triton
import triton.language as tl

# Whether Triton replaces each kernel by its interpreter, which it decides as it defines them.
INTERPRETED = tl.constexpr(os.environ.get("TRITON_INTERPRET") == "1")

# Kernels that draw round where they say so: a product and a sum are not contracted to one.
NO_CONTRACTION = {} if INTERPRETED.value else {"enable_fp_fusion": False}

COUNTS = ["k", "turn"]  # arguments of which no value deserves code of its own


def jit(function: Callable[..., Any]) -> Any:
    """A kernel, or a part of kernels."""
    return triton.jit(function, do_not_specialize=COUNTS)
