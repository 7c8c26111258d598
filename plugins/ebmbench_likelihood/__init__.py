"""Likelihood of models too large to enumerate: annealed importance sampling, pseudo-likelihood."""

from ebmbench import Metric, hookimpl
from ebmbench_likelihood.ais import AISNLL
from ebmbench_likelihood.pseudo import PseudoLikelihood


@hookimpl
def ebmbench_metrics() -> list[type[Metric]]:
    """Negative log-likelihood by AIS, and Besag's pseudo-likelihood."""
    return [AISNLL, PseudoLikelihood]
