"""A replica's values and pictures depend on its own seed only, bit for bit."""

import pytest
import torch

from ebmbench import Noise, Sampler, Splits, View
from ebmbench_gibbs import RBM, TorchKernel
from ebmbench_metrics import (
    Autocorrelation,
    Features,
    Hamming,
    Overlaps,
    Relaxation,
    ResamplingCurve,
    Samples,
    Weights,
)
from ebmbench_rapid import RARBM, Patterns, PatternSamples

KERNEL = TorchKernel(TorchKernel.Options())
RBM_METRICS = [
    Hamming(Hamming.Options(keep="random", samples=7)),
    Samples(Samples.Options(count=53, steps=3)),
    Samples(Samples.Options(count=53, steps=3, start="train")),
    Weights(Weights.Options()),
    Overlaps(Overlaps.Options(chains=29, steps=3, triples=101)),
    Autocorrelation(Autocorrelation.Options(chains=7, steps=211)),
    Autocorrelation(Autocorrelation.Options(chains=7, steps=211, observable="overlap")),
    ResamplingCurve(ResamplingCurve.Options(chains=53, steps=12)),
    Relaxation(Relaxation.Options(chains=53, burn=3, steps=12)),
    Features(Features.Options()),
    Features(Features.Options(hidden="mean", baseline=True)),
]
RA_METRICS = [Patterns(Patterns.Options()), PatternSamples(PatternSamples.Options(steps=(1, 3)))]


@pytest.fixture(autouse=True)
def _one_thread():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def view_of_seeds(seeds, patterns, V=37, H=61):
    noise = Noise(seeds, "init")
    if patterns:
        model = RARBM(RARBM.Options(hidden=H, patterns=patterns), V, noise)
    else:
        model = RBM(RBM.Options(hidden=H, init_std=0.1), V, noise)
    draw = Noise(seeds, "data")
    train, test = draw.coins(101, V), draw.coins(53, V)
    labels = [draw.words(1, n).squeeze(1) % 3 for n in (101, 53)]
    keep = torch.zeros(V, dtype=torch.bool)
    return View(
        model,
        Splits(train, test, (1, V), keep, *labels),
        Sampler(Sampler.Options(), KERNEL),
        None,
        KERNEL,
        0,
        Noise(seeds, "metric"),
        Noise(seeds, "negative"),
    )


def of_replica(found, r):
    """All numbers and arrays of a replica."""
    return {
        name: part[r].double() if isinstance(part, torch.Tensor) else part.arrays(r)
        for name, part in found.items()
    }


@pytest.mark.parametrize("metric", RBM_METRICS + RA_METRICS, ids=lambda metric: metric.name)
def test_seed_7_alone_is_seed_7_in_a_block(metric):
    patterns = 5 if metric in RA_METRICS else 0
    alone, block = (
        of_replica(metric.measure(view_of_seeds(seeds, patterns)), r)
        for seeds, r in (([7], 0), ([2, 3, 7], 2))
    )
    torch.testing.assert_close(alone, block, rtol=0, atol=0, equal_nan=True)
