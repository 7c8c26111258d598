"""Modules that define Triton kernels, imported so that the kernels can run here.

Compiled where a CUDA device is at hand and interpreted where none is: Triton decides as a kernel is
defined. Afterwards the environment is as it was, for the tests of other parts.
"""

from importlib import import_module
from importlib.util import find_spec

import pytest
import torch


def import_kernels(*modules):
    """Import modules that define Triton kernels; nothing where there is no Triton."""
    if not find_spec("triton"):
        return
    with pytest.MonkeyPatch.context() as patch:
        if not torch.cuda.is_available():
            patch.setenv("TRITON_INTERPRET", "1")
        for module in modules:
            import_module(module)
