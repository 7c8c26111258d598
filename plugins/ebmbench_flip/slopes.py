"""The slope of an objective on W, a and b of two layers."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from ebmbench import Couplings, Particles
from ebmbench.numerics import cut, in_parallel, log_2cosh, mean_spin, thread_count
from ebmbench_flip.compiled import fill_pulls, fill_turned_slopes
from ebmbench_flip.objectives import Objective

PART = 1 << 20  # fields of neighbours at a time in plain torch, per replica: 4 MiB


class Slopes(NamedTuple):
    """dJ/dW (R, V, H), dJ/da (R, V), dJ/db (R, H)."""

    W: Tensor
    a: Tensor
    b: Tensor


def slopes_of(
    objective: Objective,
    clip: float,
    couplings: Couplings,
    x: Tensor,
    batch: Particles,
    sites: Tensor,
) -> Slopes:
    """The slope of J = <sum_i phi(d_i)> over a batch and some of its units.

    With pulls w_i = -phi'(d_i), t_ij = tanh(x_j - 2 v_i W_ij), s = sum_i w_i, T_j = sum_i w_i t_ij:

        dJ/dW = <v (T - s tanh x)'> - 2 <v_i w_i t_ij>,  dJ/da = -2 <w v>,  dJ/db = <T - s tanh x>.

    Args:
        objective: phi.
        clip: the largest size of a rise d that is taken as it is, in nats.
        couplings: W, a and b.
        x: fields v W + b, (R, N, H).
        batch: rows of spins, v (R, N, V).
        sites: the units i, (R, M).
    """
    W, a, _ = couplings
    bias = W.new_zeros(W.shape[:2]) if a is None else a
    find = _compiled if W.device.type == "cpu" else _in_torch
    return find(objective, clip, x, batch, W.detach(), bias.detach(), sites)


def _compiled(
    objective: Objective,
    clip: float,
    x: Tensor,
    batch: Particles,
    W: Tensor,
    a: Tensor,
    sites: Tensor,
) -> Slopes:
    v = batch.v
    fields, rows, weights, biases = (_numbers(each) for each in (x, v, W, a))
    where = sites.numpy()
    (R, N, H), M = fields.shape, where.shape[1]
    pulls, sums = np.empty((R, N, M), np.float32), np.empty((R, N, H), np.float32)
    first = partial(
        fill_pulls, objective.code, clip, fields, rows, weights, biases, where, pulls, sums
    )
    in_parallel([partial(first, part.start, part.stop) for part in cut(R * N, thread_count())])
    u = torch.from_numpy(pulls) * batch.weights.unsqueeze(-1)
    turned = np.zeros(weights.shape, np.float32)
    second = partial(fill_turned_slopes, fields, rows, weights, where, u.numpy(), turned)
    in_parallel([partial(second, part.start, part.stop) for part in cut(R * M, thread_count())])
    return _gathered(batch, torch.from_numpy(sums), u, torch.from_numpy(turned), sites)


def _in_torch(
    objective: Objective,
    clip: float,
    x: Tensor,
    batch: Particles,
    W: Tensor,
    a: Tensor,
    sites: Tensor,
) -> Slopes:
    """The same in plain torch, on any device: some neighbours at a time."""
    v, (R, N, H), M = batch.v, x.shape, sites.shape[1]
    coupled = W.gather(1, sites.unsqueeze(-1).expand(-1, -1, H))  # (R, M, H)
    spins = v.gather(2, sites.unsqueeze(1).expand(-1, N, -1))  # (R, N, M)
    before = log_2cosh(x).double().sum(-1, keepdim=True)
    u, sums = x.new_empty(R, N, M), torch.empty_like(x)
    turned = torch.zeros_like(coupled)
    for part in cut(N, max(1, N * M * H // PART)):
        rows = slice(part.start, part.stop)
        y = x[:, rows].unsqueeze(2) - 2 * spins[:, rows].unsqueeze(3) * coupled.unsqueeze(1)
        rise = before[:, rows] - log_2cosh(y).double().sum(-1)
        rise += 2 * spins[:, rows] * a.gather(1, sites).unsqueeze(1)
        pull = objective.pull(rise.clamp(-clip, clip)).float()
        t = mean_spin(y)
        s = pull.sum(-1, keepdim=True)
        sums[:, rows] = (pull.unsqueeze(-1) * t).sum(2) - s * mean_spin(x[:, rows])
        u[:, rows] = pull * batch.weights[:, rows].unsqueeze(-1)
        turned += ((u[:, rows] * spins[:, rows]).unsqueeze(-1) * t).sum(1)
    whole = torch.zeros_like(W).scatter_(1, sites.unsqueeze(-1).expand(-1, -1, H), turned)
    return _gathered(batch, sums, u, whole, sites)


def _gathered(batch: Particles, sums: Tensor, u: Tensor, turned: Tensor, sites: Tensor) -> Slopes:
    """Slopes from what rows say of the hidden units, and from what was turned."""
    v, weighted = batch.v, batch.weighted(sums)
    spins = v.gather(2, sites.unsqueeze(1).expand(-1, v.shape[1], -1))
    on_visible = torch.zeros_like(v[:, 0]).scatter_(1, sites, -2 * (u * spins).sum(1))
    return Slopes(v.mT @ weighted - 2 * turned, on_visible, weighted.sum(1))


def _numbers(part: Tensor) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    numbers: np.ndarray[tuple[int, ...], np.dtype[np.float32]]
    numbers = part.detach().float().contiguous().numpy()
    return numbers
