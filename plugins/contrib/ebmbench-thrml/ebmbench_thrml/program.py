"""thrml's sampling program of two full layers, compiled once per shape."""

from __future__ import annotations

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
from thrml import Block, SamplingSchedule, SpinNode, sample_states
from thrml.models import IsingEBM, IsingSamplingProgram


@partial(jax.jit, static_argnames="k")
def sweep(W: Any, a: Any, b: Any, v: Any, key: Any, k: int) -> Any:
    """k block-Gibbs steps of N chains: bool (N, V) -> bool (N, V).

    thrml's own loops over nodes and edges run while this is traced, so once per shape and k.
    """
    (N, V), H = v.shape, len(b)
    visible, hidden = (Block([SpinNode() for _ in range(units)]) for units in (V, H))
    nodes = [*visible.nodes, *hidden.nodes]
    edges = [(i, j) for i in visible.nodes for j in hidden.nodes]
    ebm = IsingEBM(nodes, edges, jnp.concatenate([a, b]), W.ravel(), jnp.array(1.0))
    program = IsingSamplingProgram(ebm, [hidden, visible], [])
    schedule = SamplingSchedule(n_warmup=k, n_samples=1, steps_per_sample=1)

    def chain(key: Any, v: Any) -> Any:
        start = [jnp.zeros(H, bool), v]  # hidden units are drawn first, whatever they were
        return sample_states(key, program, schedule, start, [], [visible])[0][0]

    return jax.vmap(chain)(jax.random.split(key, N), v)


def key_of(seed: int) -> Any:
    """A key of JAX from a seed of 63 bits."""
    return jax.random.fold_in(jax.random.key(seed % 2**32), seed >> 32)
