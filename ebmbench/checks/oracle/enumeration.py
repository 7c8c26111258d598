"""Every state of a small model, in float64, by the definition of the model alone.

Hidden units are not summed out but enumerated, and nothing is shared with any plugin.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ebmbench.checks.failure import NotApplicable
from ebmbench.interfaces.library_chains import SingleReplica, single_replicas
from ebmbench.interfaces.model import Model
from ebmbench.numerics.particles import Particles
from ebmbench.numerics.two_layer import TwoLayer
from ebmbench.numerics.units.spins import SPINS
from ebmbench.numerics.units.units import Units

Array = NDArray[np.float64]


def states(units: int) -> Array:
    """All states of ``units`` spins, (2^units, units)."""
    return np.array(list(product([-1.0, 1.0], repeat=units)))


def visible_states(model: Model) -> Array:
    """All states of the visible units, (S, V).

    Raises:
        NotApplicable: they are real numbers.
    """
    found = model.units.states(model.visible)
    if found is None:
        raise NotApplicable(f"the visible units of '{model.name}' are {model.units}: no states")
    every: Array = found.double().numpy()
    return every


def index_of(v: Tensor, units: Units = SPINS) -> NDArray[np.int64]:
    """Where rows stand among all states, (..., V) -> (...)."""
    index: NDArray[np.int64] = units.index_of(v.cpu()).numpy()
    return index


def energies(replica: SingleReplica) -> Array:
    """E of all pairs of states, (2^V, 2^H)."""
    W, a, b = replica
    v, h = states(len(a)), states(len(b))
    return -(v @ W @ h.T) - (v @ a)[:, None] - h @ b


def transitions(replica: SingleReplica) -> Array:
    """The probability that a block-Gibbs step leads from v to v', (2^V, 2^V)."""
    step: Array = h_given_v(replica) @ v_given_h(replica)
    return step


def h_given_v(replica: SingleReplica) -> Array:
    """p(h | v), (2^V, 2^H)."""
    weight = -energies(replica)
    p: Array = np.exp(weight - np.logaddexp.reduce(weight, axis=1, keepdims=True))
    return p


def v_given_h(replica: SingleReplica) -> Array:
    """p(v | h), (2^H, 2^V)."""
    weight = -energies(replica)
    p: Array = np.exp(weight - np.logaddexp.reduce(weight, axis=0, keepdims=True)).T
    return p


def p_of(energy: Array) -> Array:
    """exp(-E) / Z of energies of any shape."""
    p: Array = np.exp(-energy - np.logaddexp.reduce(-energy, axis=None))
    return p


def p_visible(model: Model, beta: float = 1.0, replica: int = 0) -> Array:
    """p(v) at inverse temperature beta, of one replica, (S,) in the order of all states."""
    joint = joint_energies(model, replica)
    if joint is None:  # real hidden units, which leave exp(-beta F)
        v = _as_rows(visible_states(model), model)
        return p_of(beta * model.free_energy(v)[replica].detach().cpu().double().numpy())
    p: Array = p_of(beta * joint).sum(axis=1)
    return p


def joint_energies(model: Model, replica: int = 0) -> Array | None:
    """E of all pairs of states, (S, 2^H); None where hidden units are no spins, or are none."""
    if isinstance(model, TwoLayer):
        return energies(single_replicas(model)[replica])
    if not hidden_spins(model):
        return None
    v, h = visible_states(model), states(hidden_units(model))
    of_v, of_h = np.repeat(v, len(h), axis=0), np.tile(h, (len(v), 1))
    energy = model.energy(_as_rows(of_v, model), _as_rows(of_h, model))[replica]
    return energy.detach().cpu().double().numpy().reshape(len(v), len(h))


def hidden_units(model: Model) -> int:
    """H; 0 where the model does not say."""
    return int(getattr(model, "hidden", 0))


@torch.no_grad()
def hidden_spins(model: Model) -> bool:
    """Whether E(v, h) is of hidden spins: linear in each of them, where others add h^2."""
    if not hidden_units(model) or type(model).energy is Model.energy:
        return False
    v = torch.ones(model.replicas, 1, model.visible, device=device_of(model))
    h = v.new_zeros(model.replicas, 1, hidden_units(model))
    one = h.clone()
    one[..., 0] = 1
    curvature = model.energy(v, one) + model.energy(v, -one) - 2 * model.energy(v, h)
    return bool(curvature.abs().max() < 1e-3)


def device_of(model: Model) -> torch.device:
    """Where its parameters lie."""
    return next(model.parameters()).device


def phases_of_states(model: Model) -> Array:
    """dF of each visible state, (S, all parameters): a replica per state.

    Args:
        model: with as many equal replicas as there are states.
    """
    return phases_of(model, visible_states(model))


def phases_of(model: Model, v: Array) -> Array:
    """dF of rows (S, V), (S, all parameters): as many equal replicas as there are rows."""
    rows = torch.from_numpy(v).float().unsqueeze(1)
    return flat(model.phase(Particles(rows.to(device_of(model)))))


def flat(phase: tuple[Tensor, ...]) -> Array:
    """A phase, (R, all parameters)."""
    return torch.cat([part.detach().flatten(1) for part in phase], 1).cpu().double().numpy()


def _as_rows(v: Array, model: Model) -> Tensor:
    rows = torch.from_numpy(v).float().to(device_of(model))
    return rows.expand(model.replicas, -1, -1)
