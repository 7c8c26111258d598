"""All states of a small two-layer model: log Z, the moments and the ground-state energy."""

from __future__ import annotations

from typing import NamedTuple, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ebmbench import Couplings, Model, TwoLayer
from ebmbench_exact.half_split import fill_ground_energy, fill_moments

LIMIT = 24  # units of the smaller layer: about 10 s per gradient with 1000 in the other


class Enumeration(NamedTuple):
    """What a sum over all states gives, as expectations under p(v, h).

    Attributes:
        log_z: log Z in nats, (R,) float64.
        vh: <v h'> = <v tanh(x)'>, (R, V, H).
        v: <v>, (R, V).
        h: <h>, (R, H).
    """

    log_z: Tensor
    vh: Tensor
    v: Tensor
    h: Tensor


def not_enumerable(model: Model) -> str | None:
    """Why the states of ``model`` cannot be enumerated; None if they can."""
    if not isinstance(model, TwoLayer):
        return f"the model '{model.name}' is not two layers of spins that only couple across"
    if min(model.visible, model.hidden) > LIMIT:
        sizes = f"V={model.visible} and H={model.hidden}"
        return f"{sizes} are too many units to enumerate: the smaller may be {LIMIT} at most"
    return None


def enumerate_states(model: Model) -> Enumeration:
    """log Z and the moments of E(v, h) = -v'W h - a'v - b'h by a sum over 2^min(V, H) states.

    The moments are good to about 1e-6 and log Z to 1e-6 nats or 1e-7 of itself, whatever the
    fields; a replica whose parameters are not finite, or beyond 1e30, gets NaN. It runs on the
    CPU in one thread; the tensors lie where the model's do.
    """
    couplings = couplings_of(model)
    J, fixed = joint_couplings(couplings)
    moments = np.empty_like(J)
    log_z = np.empty(len(J))
    fill_moments(J, fixed, moments, log_z)
    return as_enumeration(moments, log_z, couplings.W)


def ground_energy(model: Model) -> Tensor:
    """min over v, h of E(v, h) = min_v [-a'v - sum |x|] in nats, (R,) float64.

    NaN for a replica whose parameters are not finite.
    """
    couplings = couplings_of(model)
    J, fixed = joint_couplings(couplings)
    energy = np.empty(len(J))
    fill_ground_energy(J, fixed, energy)
    return torch.from_numpy(energy).to(couplings.W.device)


def couplings_of(model: Model) -> Couplings:
    """The couplings of a two-layer model, apart from autograd."""
    with torch.no_grad():
        return cast(TwoLayer, model).couplings()


def joint_couplings(couplings: Couplings) -> tuple[NDArray[np.float64], int]:
    """J = [[W, a], [b, 0]], the smaller layer first, and how many units symmetry fixes.

    Returns:
        J (R, n + 1, m + 1), and 1 if there are no biases, as then F(v) = F(-v); else 0.
    """
    W, a, b = couplings
    J = torch.nn.functional.pad(W.detach().to("cpu", torch.float64), (0, 1, 0, 1))
    if a is not None:
        J[:, :-1, -1] = a.detach()
    if b is not None:
        J[:, -1, :-1] = b.detach()
    J = J.mT if W.shape[2] < W.shape[1] else J
    return np.ascontiguousarray(J.numpy()), int(a is None and b is None)


def as_enumeration(
    moments: NDArray[np.float64], log_z: NDArray[np.float64], W: Tensor
) -> Enumeration:
    """Take [[<s t'>, <s>], [<t'>, 1]] apart; ``W`` says its shape, type and device."""
    joint = torch.from_numpy(moments).to(W)
    joint = joint.mT if W.shape[2] < W.shape[1] else joint
    return Enumeration(
        log_z=torch.from_numpy(log_z).to(W.device),
        vh=joint[:, :-1, :-1],
        v=joint[:, :-1, -1],
        h=joint[:, -1, :-1],
    )
