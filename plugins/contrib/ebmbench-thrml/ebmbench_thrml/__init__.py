"""The block-Gibbs chains and the gradient of thrml, on JAX, as samplers of ebmbench."""

from ebmbench import Sampler, hookimpl
from ebmbench_thrml.thrml_chains import ThrmlChains
from ebmbench_thrml.thrml_gradient import ThrmlGradient


@hookimpl
def ebmbench_samplers() -> list[type[Sampler]]:
    return [ThrmlChains, ThrmlGradient]
