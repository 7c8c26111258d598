"""The Gibbs chains of scikit-learn's BernoulliRBM as a sampler of ebmbench."""

from ebmbench import Sampler, hookimpl
from ebmbench_sklearn.bernoulli_chains import BernoulliChains


@hookimpl
def ebmbench_samplers() -> list[type[Sampler]]:
    return [BernoulliChains]
