"""The Gibbs chains and the gradient of the rbms library as samplers of ebmbench."""

from ebmbench import Sampler, hookimpl
from ebmbench_rbms.rbms_chains import RbmsChains
from ebmbench_rbms.rbms_gradient import RbmsGradient


@hookimpl
def ebmbench_samplers() -> list[type[Sampler]]:
    return [RbmsChains, RbmsGradient]
