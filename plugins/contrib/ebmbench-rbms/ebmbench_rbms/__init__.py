"""The Gibbs chains of the rbms library as a sampler of ebmbench."""

from ebmbench import Sampler, hookimpl
from ebmbench_rbms.rbms_chains import RbmsChains


@hookimpl
def ebmbench_samplers() -> list[type[Sampler]]:
    return [RbmsChains]
