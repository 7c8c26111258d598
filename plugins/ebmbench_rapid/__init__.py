"""RAPID: regularised-axon models and training by pattern-induced correlations."""

from ebmbench import Metric, Model, Sampler, hookimpl
from ebmbench_rapid.pattern_samples import PatternSamples
from ebmbench_rapid.patterns import Patterns
from ebmbench_rapid.pid import PID
from ebmbench_rapid.ra_rbm import RARBM


@hookimpl
def ebmbench_models() -> list[type[Model]]:
    return [RARBM]


@hookimpl
def ebmbench_samplers() -> list[type[Sampler]]:
    return [PID]


@hookimpl
def ebmbench_metrics() -> list[type[Metric]]:
    return [Patterns, PatternSamples]
