"""A two-layer model of given numbers, for tests, and a metric's view of it."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from ebmbench import Couplings, Model, Noise, Sampler, Splits, View
from support import exact


class TwoLayerModel(Model):
    """E(v, h) = -v'W h - a'v - b'h with W (R, V, H), a (R, V) and b (R, H) as given."""

    name = "two-layer"

    def __init__(self, W, a=None, b=None):
        super().__init__(self.Options(), W.shape[1], Noise(range(W.shape[0]), "two-layer"))
        self.hidden = W.shape[2]
        self.field_macs = W[0].numel()
        self.W = nn.Parameter(W)
        self.a = None if a is None else nn.Parameter(a)
        self.b = None if b is None else nn.Parameter(b)

    def couplings(self):
        return Couplings(self.W, self.a, self.b)

    def hidden_field(self, v):
        return v @ self.W + (0 if self.b is None else self.b.unsqueeze(1))

    def visible_field(self, h):
        return h @ self.W.mT + (0 if self.a is None else self.a.unsqueeze(1))

    def free_energy(self, v):
        x = self.hidden_field(v)
        return -torch.logaddexp(x, -x).sum(-1) - self.linear(v)

    def energy(self, v, h):
        return -(self.hidden_field(v) * h).sum(-1) - self.linear(v)

    def linear(self, v):
        return 0 if self.a is None else (v * self.a.unsqueeze(1)).sum(-1)


def random_model(V, H, R=2, scale=1.0, biases=(), seed=0, dtype=torch.float32):
    """A model with couplings ~ N(0, scale^2) and those of the biases "a" and "b" asked for."""
    rng = np.random.default_rng(seed)
    W, a, b = (
        torch.from_numpy(scale * rng.standard_normal(shape)).to(dtype)
        for shape in ((R, V, H), (R, V), (R, H))
    )
    return TwoLayerModel(W, a if "a" in biases else None, b if "b" in biases else None)


def numbers(model, r):
    """(W, a, b) of replica r in float64, what the oracle asks for."""
    W, a, b = model.couplings()
    V, H = W.shape[1:]
    return tuple(
        part[r].detach().double().numpy() if part is not None else np.zeros(size)
        for part, size in ((W, (V, H)), (a, V), (b, H))
    )


def oracle(function, model):
    """``function`` of the oracle for all replicas, side by side."""
    return np.stack([function(*numbers(model, r)) for r in range(model.replicas)])


def random_spins(*shape, seed=0):
    """Spins, float32."""
    bits = np.random.default_rng(seed).integers(0, 2, shape)
    return torch.from_numpy(2.0 * bits - 1.0).float()


def splits_of(train, test):
    """Splits of a dataset with one-row images."""
    V = train.shape[-1]
    return Splits(train, test, (1, V), torch.zeros(V, dtype=torch.bool))


def view_of(model, sampler=None, kernel=None, state=None):
    """A view of ``model`` with 7 rows of training data and 11 of test data."""
    R, V = model.replicas, model.visible
    return View(
        model=model,
        data=splits_of(random_spins(R, 7, V, seed=1), random_spins(R, 11, V, seed=2)),
        sampler=sampler or Sampler(Sampler.Options(), kernel),
        state=state,
        kernel=kernel,
        epoch=0,
        noise=Noise(range(R), "metric"),
        negative_noise=Noise(range(R), "negative"),
    )


def row_of_state(v):
    """Where each row of spins stands in the oracle's ``states``, (..., V) -> (...)."""
    V = v.shape[-1]
    return ((v > 0).long() * 2 ** torch.arange(V - 1, -1, -1)).sum(-1).numpy()


def log_p(model, v):
    """The oracle's log p(v) for v (R, N, V), (R, N)."""
    p = oracle(exact.p_v, model)
    return np.log(np.take_along_axis(p, row_of_state(v), axis=1))
