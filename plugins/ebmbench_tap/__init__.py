"""Extended mean field: the equations of Thouless, Anderson and Palmer in place of chains."""

from ebmbench import Metric, Sampler, hookimpl
from ebmbench_tap.convergence import TAPConvergence
from ebmbench_tap.tap import TAP


@hookimpl
def ebmbench_samplers() -> list[type[Sampler]]:
    """A negative phase without random numbers."""
    return [TAP]


@hookimpl
def ebmbench_metrics() -> list[type[Metric]]:
    """Whether the equations are solved."""
    return [TAPConvergence]
