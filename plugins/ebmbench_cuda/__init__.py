"""Gibbs sweeps and exact phases on NVIDIA GPUs, in fused Triton kernels.

Imports neither Triton nor CUDA: what is compiled is imported when it is first needed.
"""

from ebmbench import GibbsKernel, hookimpl
from ebmbench_cuda.triton_kernel import TritonKernel


@hookimpl
def ebmbench_kernels() -> list[type[GibbsKernel]]:
    """The kernel for NVIDIA GPUs."""
    return [TritonKernel]
