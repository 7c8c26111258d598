"""The block-Gibbs chains of thrml, on JAX, as a sampler of ebmbench."""

from ebmbench import Sampler, hookimpl
from ebmbench_thrml.thrml_chains import ThrmlChains


@hookimpl
def ebmbench_samplers() -> list[type[Sampler]]:
    return [ThrmlChains]
