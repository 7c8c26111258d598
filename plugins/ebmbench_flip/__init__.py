"""Training without chains: objectives of F(v with one unit turned) - F(v)."""

from ebmbench import Sampler, hookimpl
from ebmbench_flip.flip import MPF, PseudoLikelihoodGradient, RatioMatching


@hookimpl
def ebmbench_samplers() -> list[type[Sampler]]:
    """Pseudo-likelihood, minimum probability flow and ratio matching."""
    return [PseudoLikelihoodGradient, MPF, RatioMatching]
