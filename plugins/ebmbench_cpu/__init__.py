"""Gibbs sweeps on CPU, in fused compiled kernels."""

from ebmbench import GibbsKernel, hookimpl
from ebmbench_cpu.numba_kernel import NumbaKernel


@hookimpl
def ebmbench_kernels() -> list[type[GibbsKernel]]:
    return [NumbaKernel]
