"""A model at several temperatures at once: free energies, and steps that leave each unchanged."""

from __future__ import annotations

from typing import NamedTuple, cast

import torch
from torch import Tensor

from ebmbench import Chains, Couplings, Model, Noise, Sweeper, TwoLayer
from ebmbench.numerics import GivenCouplings, is_factored, log_cosh_sums


class Tempered(NamedTuple):
    """p_beta(v) ~ exp(-F_beta(v)), from a base at beta = 0 to the model at 1.

    F_beta(v) = -((1 - beta) a0 + beta a)'v - sum_j log 2cosh(beta x_j),  x = v W + b.

    Attributes:
        model: two layers of spins.
        sweeper: sweeps it.
        a0: fields of the base, whose units are independent, (R, V); None where these are fair
            coins.
    """

    model: Model
    sweeper: Sweeper
    a0: Tensor | None

    @torch.no_grad()
    def sweep(self, v: Tensor, betas: Tensor, k: int, noise: Noise) -> Tensor:
        """k Gibbs steps of chains ``v`` (R, T N, V), rung after rung, at ``betas`` (R, T).

        A step at beta = 0 draws from the base. Fair coins are the model itself at beta = 0, so one
        sweep with an inverse temperature per chain takes all rungs. Another base has fields that
        beta does not multiply: then every rung is a model with couplings of its own, and all of
        them are swept side by side, as replicas are.
        """
        R, T = betas.shape
        if self.a0 is None:
            each = betas.unsqueeze(2).expand(-1, -1, v.shape[1] // T).flatten(1)
            return self.sweeper.run_chains(self.model, Chains(v), k, each, noise).v
        streams = noise.split(T)
        rungs = Rungs(tempered_couplings(self.model, self.a0, betas))
        chains = Chains(v.reshape(R * T, -1, v.shape[2]))
        return self.sweeper.run_chains(rungs, chains, k, 1.0, streams).v.reshape(v.shape)

    @torch.no_grad()
    def free_energies(self, v: Tensor, betas: Tensor) -> Tensor:
        """F_beta(v) in nats of chains (R, T N, V), each rung's at some ``betas`` (R, T, B).

        (R, T, B, N) float64.
        """
        R, T, B = betas.shape
        x = cast(TwoLayer, self.model).hidden_field(v)
        sums = log_cosh_sums(x.reshape(R * T, -1, x.shape[2]), betas.flatten(0, 1))
        a = None if is_factored(self.model) else cast(TwoLayer, self.model).couplings().a
        shape, beta = (R, T, 1, -1), betas.unsqueeze(3)
        of_model, of_base = (_times(v, bias).view(shape) for bias in (a, self.a0))
        return -(sums.view(R, T, B, -1) + beta * of_model + (1 - beta) * of_base)


class Rungs(GivenCouplings, Model):
    """A model at one temperature each: those of every replica as replicas of their own."""

    name = "rungs"


def fitted_base(v: Tensor) -> Tensor:
    """a0 = atanh(mean of ``v`` (R, N, V)), a spin of each sign added so that none is certain.

    Source: Salakhutdinov and Murray 2008, sec. 4.2.
    """
    mean = v.sum(1).double() / (v.shape[1] + 2)
    return ((torch.log1p(mean) - torch.log1p(-mean)) / 2).to(v.dtype)


@torch.no_grad()
def tempered_couplings(model: Model, a0: Tensor, betas: Tensor) -> Couplings:
    """beta W, (1 - beta) a0 + beta a and beta b of every rung: replica r's T rungs in a row."""
    W, a, b = cast(TwoLayer, model).couplings()
    beta = betas.to(W.dtype).unsqueeze(2)  # (R, T, 1)
    on_visible = (1 - beta) * a0.unsqueeze(1)
    if a is not None:
        on_visible = on_visible + beta * a.unsqueeze(1)
    return Couplings(
        (beta.unsqueeze(3) * W.unsqueeze(1)).flatten(0, 1),
        on_visible.flatten(0, 1),
        None if b is None else (beta * b.unsqueeze(1)).flatten(0, 1),
    )


def _times(v: Tensor, bias: Tensor | None) -> Tensor:
    """bias'v in float64, (R, N).

    A sum, as the last bit of a product with one column depends on which replicas share a block.
    """
    if bias is None:
        return torch.zeros(v.shape[:2], dtype=torch.float64, device=v.device)
    return (v * bias.double().unsqueeze(1)).sum(2)
