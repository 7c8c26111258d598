"""Models whose visible units are no spins: sites of several states, and real numbers."""

from ebmbench import GibbsKernel, Model, hookimpl
from ebmbench_units.gaussian_rbm import GaussianRBM
from ebmbench_units.hidden_spins_kernel import HiddenSpinsKernel
from ebmbench_units.potts_rbm import PottsRBM


@hookimpl
def ebmbench_models() -> list[type[Model]]:
    return [PottsRBM, GaussianRBM]


@hookimpl
def ebmbench_kernels() -> list[type[GibbsKernel]]:
    return [HiddenSpinsKernel]
