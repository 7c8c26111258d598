"""RBMs and the block-Gibbs methods that train them: CD-k, PCD-k, FPCD and Rdm-k."""

from ebmbench import GibbsKernel, Model, Sampler, hookimpl
from ebmbench_gibbs.cd import CD
from ebmbench_gibbs.fpcd import FPCD
from ebmbench_gibbs.pcd import PCD
from ebmbench_gibbs.rbm import RBM
from ebmbench_gibbs.rdm import RDM
from ebmbench_gibbs.torch_kernel import TorchKernel


@hookimpl
def ebmbench_models() -> list[type[Model]]:
    return [RBM]


@hookimpl
def ebmbench_kernels() -> list[type[GibbsKernel]]:
    return [TorchKernel]


@hookimpl
def ebmbench_samplers() -> list[type[Sampler]]:
    return [CD, PCD, FPCD, RDM]
