"""Free energies of configurations, as exact as what is weighed by them asks for."""

from __future__ import annotations

from typing import cast

import torch
from torch import Tensor

from ebmbench import Cost, Model, TwoLayer
from ebmbench.numerics import is_factored, log_cosh_sums


@torch.no_grad()
def free_energies(model: Model, v: Tensor) -> Tensor:
    """-a'v - sum_j log 2cosh(x_j), v (R, N, V) -> (R, N) float64, in nats."""
    two_layers = cast(TwoLayer, model)
    one = torch.ones(len(v), 1, dtype=torch.float64, device=v.device)
    F = -log_cosh_sums(two_layers.hidden_field(v), one)[:, 0]
    a = None if is_factored(model) else two_layers.couplings().a  # W of patterns is not formed
    if a is None:
        return F
    # float64: a float32 product's last bit depends on who shares the block
    return F - (v.double() @ a.double().unsqueeze(2)).squeeze(2)


def free_energies_cost(model: Model, rows: int) -> Cost:
    """The fields of so many configurations, and the sums over them."""
    V, H = model.visible, cast(TwoLayer, model).hidden
    return Cost(macs=rows * (V * H + V + H), bytes=4.0 * (rows * (V + H) + V * H))
