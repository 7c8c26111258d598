"""Models whose log Z is known, and a view with AIS as a metric of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch

from ebmbench import Noise, Particles, Sweeper
from ebmbench.numerics.threads import at_most
from ebmbench_cpu import NumbaKernel
from ebmbench_exact.enumeration import enumerate_states
from ebmbench_exact.exact import exact_phase
from ebmbench_gibbs import RBM
from ebmbench_likelihood import AISNLL
from ebmbench_likelihood.base import Base
from ebmbench_likelihood.path import Path
from ebmbench_rapid import RARBM
from support.two_layer import TwoLayerModel, random_spins, view_of

KERNEL = NumbaKernel(NumbaKernel.Options())


def ra_rbm(V, H, K, R):
    """Random patterns, all spins."""
    return RARBM(RARBM.Options(hidden=H, patterns=K), V, Noise(range(R), "init"))


def trained(model, steps=40, lr=0.3):
    """``model`` after some steps along the exact gradient on 7 random rows."""
    data = Particles(random_spins(model.replicas, 7, model.visible, seed=1))
    with at_most(1):
        for _ in range(steps):
            negative = exact_phase(model, enumerate_states(model))
            for p, up, down in zip(model.parameters(), model.phase(data), negative, strict=True):
                p.data -= lr * (up - down)
    return model


def trained_rbm(V, H, R):
    """An RBM with biases."""
    options = RBM.Options(hidden=H, init_std=0.1, bias=True)
    return trained(RBM(options, V, Noise(range(R), "init")))


def trained_ra_rbm(V, H, K, R):
    """Patterns that training has moved off the spins."""
    return trained(ra_rbm(V, H, K, R), steps=10, lr=0.1)


def one_mode(V, H, R, strength=1.0):
    """Couplings that are all alike: nearly all the mass is at v = 1 and v = -1."""
    return TwoLayerModel(torch.full((R, V, H), strength / H**0.5))


def path_to(model, base="data"):
    """From the base to ``model``; the data base is fitted to 7 random rows."""
    v = random_spins(model.replicas, 7, model.visible, seed=1)
    return Path.of(model, Sweeper(KERNEL), Base.uniform(v) if base == "uniform" else Base.fitted(v))


def measure(model, kernel=KERNEL, seeds=None, data=None, **options):
    """The metric's parts, as numpy arrays."""
    view = view_of(model, kernel=kernel)
    view = replace(view, noise=Noise(seeds or range(model.replicas), "ais"), data=data or view.data)
    with at_most(1):  # as blocks are measured
        found = AISNLL(AISNLL.Options(**options)).measure(view)
    return {part: value.numpy() for part, value in found.items()}


def scaled(model, factor):
    """``model`` with all its parameters multiplied."""
    with torch.no_grad():
        for p in model.parameters():
            p *= factor
    return model


def within(value, expected, error, sigmas=4):
    """Whether all of ``value`` is as near to ``expected`` as its standard error says."""
    return np.all(np.abs(value - expected) <= sigmas * error + 1e-5)
