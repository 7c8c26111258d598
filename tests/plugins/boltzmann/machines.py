"""Machines of every mask, and their oracle: all states of all units, by the energy alone."""

from __future__ import annotations

import numpy as np
import torch

from ebmbench import Noise
from ebmbench_boltzmann import Boltzmann, RABoltzmann
from support import exact

V, H, K, R = 3, 5, 2, 2
MASKS = {
    "full": {"mask": "full", "hidden": H},
    "bipartite": {"mask": "bipartite", "hidden": H},
    "deep": {"mask": "deep", "layers": (3, 2)},
    "deeper": {"mask": "deep", "layers": (2, 1, 2)},
}


def boltzmann(wiring, bias=True, std=0.4, replicas=R, **options):
    options = Boltzmann.Options(init_std=std, bias=bias, **MASKS[wiring], **options)
    model = Boltzmann(options, V, Noise(range(replicas), "init"))
    if bias:
        model.c.data.normal_(0, 0.3, generator=torch.Generator().manual_seed(1))
    return model


def ra_boltzmann(wiring, off_spins=True, **options):
    options = RABoltzmann.Options(patterns=K, **MASKS[wiring], **options)
    model = RABoltzmann(options, V, Noise(range(R), "init"))
    if off_spins:  # as within an epoch
        for xi in model.parameters():
            xi.data += 0.3 * torch.randn(xi.shape, generator=torch.Generator().manual_seed(3))
    return model


def coupled(wiring):
    """Which of the 8 units couple, written out by hand: v 0-2, h 3-7."""
    layers = {
        "bipartite": [[0, 1, 2], [3, 4, 5, 6, 7]],
        "deep": [[0, 1, 2], [3, 4, 5], [6, 7]],
        "deeper": [[0, 1, 2], [3, 4], [5], [6, 7]],
    }
    mask = np.zeros((V + H, V + H), bool)
    if wiring == "full":
        mask[:] = ~np.eye(V + H, dtype=bool)
        return mask
    for low, high in zip(layers[wiring], layers[wiring][1:], strict=False):
        mask[np.ix_(low, high)] = mask[np.ix_(high, low)] = True
    return mask


def numbers(model, wiring, r):
    """J (U, U) and c (U,) of replica r in float64, from the parameters alone."""
    mask = coupled(wiring)
    if isinstance(model, RABoltzmann):
        xi = np.concatenate([xi[r].detach().double().numpy() for xi in model.parameters()], 1)
        return mask * (xi.T @ xi) * model.options.scale / np.sqrt(K), np.zeros(V + H)
    J = np.zeros((V + H, V + H))
    J[np.triu(mask)] = model.J[r].detach().double().numpy()
    c = np.zeros(V + H) if model.c is None else model.c[r].detach().double().numpy()
    return J + J.T, c


def energies(J, c):
    """E of all states (v, h), (2^V, 2^H)."""
    s = exact.states(V + H)  # the first unit changes last: v tells the row
    return -(np.einsum("si,ij,sj->s", s, J, s) / 2 + s @ c).reshape(2**V, 2**H)


def joint(J, c):
    """p(v, h), (2^V, 2^H)."""
    E = energies(J, c)
    return np.exp(-E - np.logaddexp.reduce(-E, axis=None))
