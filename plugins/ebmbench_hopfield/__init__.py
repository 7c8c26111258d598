"""The restricted hybrid Boltzmann machine, whose marginal is the Hopfield model."""

from ebmbench import Model, hookimpl


@hookimpl
def ebmbench_models() -> list[type[Model]]:
    return []
