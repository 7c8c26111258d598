"""Metrics of any two-layer model: reconstruction distance, spectrum of the weights."""

from ebmbench import Metric, hookimpl
from ebmbench_metrics.hamming import Hamming
from ebmbench_metrics.spectrum import Spectrum


@hookimpl
def ebmbench_metrics() -> list[type[Metric]]:
    return [Hamming, Spectrum]
