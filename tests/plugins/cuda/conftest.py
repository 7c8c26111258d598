"""The Triton kernels, compiled where a CUDA device is at hand and interpreted where none is.

Triton decides as a kernel is defined, so they are all imported here, before any test; afterwards
the environment is as it was, for the tests of other parts.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

import pytest
import torch

KERNELS = [
    "triton.experimental.gluon",  # Triton would import it at the first launch
    "ebmbench_cuda.enumeration",
    "ebmbench_cuda.graph",
    "stored_draws",
]

if find_spec("triton"):
    with pytest.MonkeyPatch.context() as patch:
        if not torch.cuda.is_available():
            patch.setenv("TRITON_INTERPRET", "1")
        for module in KERNELS:
            import_module(module)


@pytest.fixture(
    params=[pytest.param("cpu", id="interpreter"), pytest.param("cuda", marks=pytest.mark.gpu)]
)
def device(request):
    """Where the kernels run in this process; what they are compared with runs on the CPU."""
    pytest.importorskip("triton", reason="triton is not installed: pip install 'ebmbench[cuda]'")
    from ebmbench_cuda.jit import INTERPRETED

    if request.param == "cuda" and not torch.cuda.is_available():
        pytest.skip("no CUDA device is at hand")
    if (request.param == "cpu") != INTERPRETED.value:
        pytest.skip("the kernels of this process run on the other device")
    return torch.device(request.param)
