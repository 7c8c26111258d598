"""Brackets of log Z on models of graded coldness, random and trained, whose log Z is known."""

from __future__ import annotations

import numpy as np
import pytest
from annealing import KERNEL, measure

from ebmbench import Noise, Particles
from ebmbench.numerics.threads import at_most
from ebmbench_data.bars import Bars
from ebmbench_exact.enumeration import enumerate_states
from ebmbench_exact.exact import Exact
from ebmbench_gibbs import CD, PCD, RBM
from support.two_layer import random_model, random_spins, splits_of

R = 5
UPDATES = (30, 100, 300, 1000)  # when a model in training is looked at
SAMPLERS = {
    "CD-1": lambda: CD(CD.Options(k=1), KERNEL),
    "PCD-1": lambda: PCD(PCD.Options(k=1, chains=50), KERNEL),
    "exact": lambda: Exact(Exact.Options(), KERNEL),
}


def random_ones():
    """Gaussian couplings, from hot to frozen; the data are coins."""
    data = splits_of(random_spins(R, 20, 12, seed=1), random_spins(R, 5, 12, seed=2))
    for scale in np.geomspace(0.1, 3, 10):
        for biases in ("", "ab"):
            yield random_model(12, 8, R=R, scale=scale, biases=biases, seed=3), data


def trained_ones(sampler, bias):
    """An RBM on 4x4 bars, after some updates and after more."""
    data = Bars(Bars.Options(size=4)).load(Noise(range(R), "data"))
    batch, noise = Particles(data.train), Noise(range(R), "negative")
    model = RBM(RBM.Options(hidden=8, bias=bias), 16, Noise(range(R), "init"))
    state = sampler.start(model, data, noise)
    for update in range(1, UPDATES[-1] + 1):
        found = sampler.negative_phase(model, batch, state, noise)
        negative, state = found.phase, found.state
        for p, up, down in zip(model.parameters(), model.phase(batch), negative, strict=True):
            p.data -= 0.2 * (up - down)
        if update in UPDATES:
            yield model, data


def judged(models):
    """Trusted, held and the error in nats, for each replica of each model."""
    rows = []
    for model, data in models:
        log_z = enumerate_states(model).log_z.detach().numpy()
        found = measure(model, data=data, chains=100, ladder=300)
        held = (found["log_z_low"] <= log_z) & (log_z <= found["log_z_high"])
        rows += zip(found["trusted"] == 1, held, found["log_z"] - log_z, strict=True)
    return rows


@pytest.mark.soak
def test_a_trusted_bracket_holds_log_z_on_95_of_100_models_and_few_good_values_are_withheld():
    with at_most(1):
        rows = judged(random_ones())
        for make in SAMPLERS.values():
            for bias in (False, True):
                rows += judged(trained_ones(make(), bias))
    trusted, held, error = (np.array(column) for column in zip(*rows, strict=True))
    good = np.abs(error) < 0.5
    print(len(rows), trusted.sum(), held[trusted].mean(), np.abs(error[trusted]).max(),
          good.sum(), (good & ~trusted).sum())  # fmt: skip
    assert len(rows) >= 200
    assert held[trusted].mean() >= 0.95
    assert np.abs(error[trusted]).max() < 1
    assert (good & ~trusted).sum() < 0.1 * good.sum()
