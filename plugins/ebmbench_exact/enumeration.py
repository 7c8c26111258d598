"""All states of a small two-layer model: log Z, the moments and the ground-state energy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol, cast, runtime_checkable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ebmbench import Couplings, GibbsKernel, Model, TwoLayer, not_two_layers
from ebmbench_exact.replica import log_z_alone, lowest_energy, lowest_state, moments_and_log_z
from ebmbench_exact.shares import for_each_replica

LARGEST = 1e30  # couplings beyond count as diverged
LIMIT = 24  # units of the smaller layer: 2 s per gradient with 1000 in the other


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


class Ground(NamedTuple):
    """The state of lowest energy: the mode of p(v, h).

    Attributes:
        energy: its E in nats, (R,) float64.
        v: (R, V).
        h: (R, H).
    """

    energy: Tensor
    v: Tensor
    h: Tensor


@runtime_checkable
class Enumerates(Protocol):
    """A kernel that sums over all states on its own device."""

    def enumerate_states(self, model: Model) -> Enumeration:
        """What :func:`enumerate_states` gives."""


def enumerator(kernel: GibbsKernel | None) -> Callable[[Model], Enumeration]:
    """What enumerates a model's states: the kernel, where it can, or else the CPU."""
    return kernel.enumerate_states if isinstance(kernel, Enumerates) else enumerate_states


def not_enumerable(model: Model) -> str | None:
    """Why the states of ``model`` cannot be enumerated; None if they can."""
    return not_two_layers(model) or too_many_units(model.visible, cast(TwoLayer, model).hidden)


def too_many_units(V: int, H: int) -> str | None:
    """Why so many units cannot be enumerated; None if they can."""
    if min(V, H) <= LIMIT:
        return None
    sizes = f"V={V} and H={H}"
    return f"{sizes} are too many units to enumerate: the smaller may be {LIMIT} at most"


def enumerate_states(model: Model) -> Enumeration:
    """log Z and the moments of E(v, h) = -v'W h - a'v - b'h by a sum over 2^min(V, H) states.

    Measured against float64, at weights from 0.01 to 10 and with 1000 to 10000 units in the larger
    layer: the moments are good to 2e-6 and log Z to 6e-6 nats (1e-6 of both up to 1000). A
    replica whose parameters are not finite, or beyond 1e30, gets NaN. It runs on the CPU; the
    tensors lie where the model's do.
    """
    couplings = couplings_of(model)
    J, fixed = joint_couplings(couplings)
    moments = np.full_like(J, np.nan)
    log_z = np.full(len(J), np.nan)

    def enumerate_replica(r: int, pieces: int) -> None:
        log_z[r] = moments_and_log_z(J[r], fixed, pieces, moments[r])

    for_each_replica(healthy(J), enumerate_replica)
    return as_enumeration(moments, log_z, couplings.W)


def ground_energy(model: Model) -> Tensor:
    """min over v, h of E(v, h) = min_v [-a'v - sum |x|] in nats, (R,) float64.

    NaN for a replica whose parameters are not finite.
    """
    couplings = couplings_of(model)
    J, fixed = joint_couplings(couplings)
    energy = np.full(len(J), np.nan)

    def find_lowest(r: int, pieces: int) -> None:
        energy[r] = lowest_energy(J[r], fixed, pieces)

    for_each_replica(healthy(J), find_lowest)
    return torch.from_numpy(energy).to(couplings.W.device)


def ground_states(model: Model, wanted: Sequence[bool]) -> Ground:
    """The state of lowest energy of the replicas that are wanted; of others ones, and NaN.

    NaN for a replica whose parameters are not finite, too.
    """
    couplings = couplings_of(model)
    J, fixed = joint_couplings(couplings)
    R, V, H = couplings.W.shape
    energy, v, h = np.full(R, np.nan), np.ones((R, V)), np.ones((R, H))
    s, t = (h, v) if H < V else (v, h)

    def find(r: int, pieces: int) -> None:
        energy[r] = lowest_state(J[r], fixed, pieces, s[r], t[r])

    for_each_replica([r for r in healthy(J) if wanted[r]], find)
    spins = (torch.from_numpy(each).to(couplings.W) for each in (v, h))
    return Ground(torch.from_numpy(energy).to(couplings.W.device), *spins)


def log_z_at(couplings: Couplings, beta: Tensor) -> Tensor:
    """log Z of beta E, each replica at its own beta (R,), (R,) float64.

    It runs on the CPU; NaN for a replica whose parameters are not finite, or beyond 1e30.
    """
    J, fixed = joint_couplings(couplings)
    J *= beta.detach().cpu().double().numpy()[:, None, None]
    log_z = np.full(len(J), np.nan)

    def sum_up(r: int, pieces: int) -> None:
        log_z[r] = log_z_alone(J[r], fixed, pieces)

    for_each_replica(healthy(J), sum_up)
    return torch.from_numpy(log_z).to(couplings.W.device)


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


def healthy(J: NDArray[np.float64]) -> list[int]:
    """The replicas that have not diverged."""
    return np.flatnonzero((np.abs(J) < LARGEST).all(axis=(1, 2))).tolist()


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
