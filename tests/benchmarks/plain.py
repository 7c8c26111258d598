"""The rivals: what a plain torch loop does, and what the paper's published code does.

The published code (Pozas-Kerstjens et al. 2021) is measured by the same operations, written anew:
it forms the outer product of every row's units, (N, H, V), and rebuilds W from the patterns.
"""

from __future__ import annotations

import math

import torch


def spins(field):
    """The usual draw: +1 with probability sigmoid(2 field)."""
    return (torch.rand_like(field) < torch.sigmoid(2 * field)).float() * 2 - 1


def gibbs_step(v, W):
    """v -> h -> v."""
    return spins(spins(v @ W) @ W.T)


def phase(v, W):
    """<dF/dW> over the rows of v."""
    return -(v.T @ torch.tanh(v @ W)) / len(v)


def chain_update(W, batch, chains, k, optimizer):
    """One update of CD (chains are the batch) or PCD; the chains after it."""
    for _ in range(k):
        chains = gibbs_step(chains, W)
    W.grad = phase(batch, W) - phase(chains, W)
    optimizer.step()
    return chains


def outer_products(v, h):
    """h v' of each row, (N, H, V)."""
    return torch.bmm(h.unsqueeze(2), v.unsqueeze(1))


def published_chain_update(W, batch, chains, k, optimizer):
    """``chain_update`` with the outer products of the published code; W is (H, V)."""
    for _ in range(k):
        chains = gibbs_step(chains, W.T)
    data, model = (outer_products(v, torch.tanh(v @ W.T)).mean(0) for v in (batch, chains))
    W.grad = model - data
    optimizer.step()
    return chains


def thin_rapid_update(xi_v, xi_h, batch, lr):
    """One RAPID update of one replica in thin products, W never formed."""
    scale = 1 / math.sqrt(len(xi_v))
    change_v, change_h = torch.zeros_like(xi_v), torch.zeros_like(xi_h)
    for v, sign in ((batch, 1.0), (torch.sign(xi_v), -1.0)):
        overlap = v @ xi_v.T
        t = torch.tanh(overlap @ xi_h * scale)
        weight = sign * scale / len(v)
        change_v += weight * ((t @ xi_h.T).T @ v)
        change_h += weight * (overlap.T @ t)
    xi_v += lr * change_v
    xi_h += lr * change_h


def chain_rapid_update(xi_v, xi_h, batch, k, lr):
    """One RAPID update with k Gibbs steps from the patterns, in thin products, W never formed."""
    scale = 1 / math.sqrt(len(xi_v))
    chains = xi_v
    for _ in range(k):
        h = spins(scale * (chains @ xi_v.T) @ xi_h)
        chains = spins(scale * (h @ xi_h.T) @ xi_v)
    change_v, change_h = torch.zeros_like(xi_v), torch.zeros_like(xi_h)
    for v, sign in ((batch, 1.0), (chains, -1.0)):
        overlap = v @ xi_v.T
        t = torch.tanh(overlap @ xi_h * scale)
        weight = sign * scale / len(v)
        change_v += weight * ((t @ xi_h.T).T @ v)
        change_h += weight * (overlap.T @ t)
    xi_v.add_(lr * change_v).clamp_(-1, 1)
    xi_h.add_(lr * change_h).clamp_(-1, 1)


def published_rapid_update(xi_v, xi_h, batch, lr):
    """One RAPID update as the published code makes it: W from the patterns, twice, and einsum."""
    root = math.sqrt(len(xi_v))
    W = xi_h.T @ xi_v / root
    change_v, change_h = 0.0, 0.0
    for v, sign in ((batch, 1.0), (torch.sign(xi_v), -1.0)):
        t = torch.tanh(v @ W.T)
        change_v += sign * torch.einsum("bj,bk->kj", v, t @ xi_h.T) / len(v) / root
        change_h += (
            sign * torch.einsum("bj,kj,ba->ka", v, xi_v, torch.tanh(v @ W.T)) / len(v) / root
        )
    xi_v += lr * change_v
    xi_h += lr * change_h
    return outer_products(xi_v, xi_h).sum(0) / root
