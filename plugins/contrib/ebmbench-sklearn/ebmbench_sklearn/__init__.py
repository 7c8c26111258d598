"""The Gibbs chains and the updates of scikit-learn's BernoulliRBM as samplers of ebmbench."""

from ebmbench import Sampler, hookimpl
from ebmbench_sklearn.bernoulli_chains import BernoulliChains
from ebmbench_sklearn.bernoulli_gradient import BernoulliGradient


@hookimpl
def ebmbench_samplers() -> list[type[Sampler]]:
    return [BernoulliChains, BernoulliGradient]
