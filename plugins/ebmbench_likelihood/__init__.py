"""Likelihood of models too large to enumerate: AIS, weighted walkers, pseudo-likelihood."""

from ebmbench import Metric, hookimpl
from ebmbench_likelihood.ais import AISNLL
from ebmbench_likelihood.nll_walkers import WalkersNLL
from ebmbench_likelihood.pseudo import PseudoLikelihood


@hookimpl
def ebmbench_metrics() -> list[type[Metric]]:
    """Negative log-likelihood by AIS and by a sampler's walkers, and Besag's pseudo-likelihood."""
    return [AISNLL, WalkersNLL, PseudoLikelihood]
