"""Metrics of two-layer models: reconstructions, samples, features, weights, equilibrium."""

from ebmbench import Metric, hookimpl
from ebmbench_metrics.autocorrelation import Autocorrelation
from ebmbench_metrics.convergence import Convergence
from ebmbench_metrics.features import Features
from ebmbench_metrics.hamming import Hamming
from ebmbench_metrics.overlaps import Overlaps
from ebmbench_metrics.relaxation import Relaxation
from ebmbench_metrics.resampling_curve import ResamplingCurve
from ebmbench_metrics.samples import Samples
from ebmbench_metrics.spectrum import Spectrum
from ebmbench_metrics.weights import Weights


@hookimpl
def ebmbench_metrics() -> list[type[Metric]]:
    return [
        *(Hamming, Samples, Features, Spectrum, Weights, Overlaps),
        *(Autocorrelation, ResamplingCurve, Relaxation, Convergence),
    ]
