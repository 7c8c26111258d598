"""The restricted hybrid Boltzmann machine, whose marginal is the Hopfield model."""

from ebmbench import GibbsKernel, Model, hookimpl
from ebmbench_hopfield.gaussian import GaussianKernel
from ebmbench_hopfield.hybrid_rbm import HybridRBM
from ebmbench_hopfield.ra_hybrid_rbm import RAHybridRBM


@hookimpl
def ebmbench_models() -> list[type[Model]]:
    return [HybridRBM, RAHybridRBM]


@hookimpl
def ebmbench_kernels() -> list[type[GibbsKernel]]:
    return [GaussianKernel]
