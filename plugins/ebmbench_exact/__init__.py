"""Small models by enumeration: samplers and metrics that need all states."""

from ebmbench import Metric, Sampler, hookimpl
from ebmbench_exact.accessibility import GibbsAccessibility, MethodAccessibility
from ebmbench_exact.best_beta import BestBetaNLL
from ebmbench_exact.exact import Exact
from ebmbench_exact.gradient_error import GradientError
from ebmbench_exact.mode import Mode
from ebmbench_exact.nll import NLL, DensityNLL


@hookimpl
def ebmbench_samplers() -> list[type[Sampler]]:
    """The exact negative phase, and the ground state's now and then."""
    return [Exact, Mode]


@hookimpl
def ebmbench_metrics() -> list[type[Metric]]:
    """Likelihood, gradient error and accessibility, all against the enumeration."""
    return [NLL, DensityNLL, BestBetaNLL, GradientError, GibbsAccessibility, MethodAccessibility]
