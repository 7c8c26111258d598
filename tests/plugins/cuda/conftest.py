"""Where the Triton kernels of this process run: on a CUDA device, or in the interpreter."""

from __future__ import annotations

import pytest
import torch

from support.interpreted import import_kernels

import_kernels("stored_draws")


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
