"""thrml's programs of two full layers, compiled once per shape."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from thrml import Block, SamplingSchedule, SpinNode, sample_states
from thrml.models import (
    IsingEBM,
    IsingSamplingProgram,
    IsingTrainingSpec,
    estimate_kl_grad,
    hinton_init,
)


class Schedules(NamedTuple):
    """How long thrml samples for a gradient, and how many chains for its negative phase.

    Attributes:
        chains: of the negative phase.
        warmup: steps before the first sample, of either phase.
        samples: of each chain.
        steps: from a sample to the next.
        hidden: samples of the hidden units of each row.
    """

    chains: int
    warmup: int
    samples: int
    steps: int
    hidden: int


class Layers(NamedTuple):
    """A thrml model of two full layers: the layers, and E = -a'v - b'h - v'W h."""

    visible: Block
    hidden: Block
    ebm: IsingEBM


def two_layers(W: Any, a: Any, b: Any) -> Layers:
    """thrml's nodes and edges are made, in loops, while this is traced."""
    visible, hidden = (Block([SpinNode() for _ in range(units)]) for units in W.shape)
    nodes = [*visible.nodes, *hidden.nodes]
    edges = [(i, j) for i in visible.nodes for j in hidden.nodes]
    ebm = IsingEBM(nodes, edges, jnp.concatenate([a, b]), W.ravel(), jnp.array(1.0))
    return Layers(visible, hidden, ebm)


@partial(jax.jit, static_argnames="k")
def sweep(W: Any, a: Any, b: Any, v: Any, key: Any, k: int) -> Any:
    """k block-Gibbs steps of N chains: bool (N, V) -> bool (N, V)."""
    visible, hidden, ebm = two_layers(W, a, b)
    program = IsingSamplingProgram(ebm, [hidden, visible], [])
    schedule = SamplingSchedule(n_warmup=k, n_samples=1, steps_per_sample=1)

    def chain(key: Any, v: Any) -> Any:
        start = [jnp.zeros(len(b), bool), v]  # hidden units are drawn first, whatever they were
        return sample_states(key, program, schedule, start, [], [visible])[0][0]

    return jax.vmap(chain)(jax.random.split(key, len(v)), v)


@partial(jax.jit, static_argnames="how")
def kl_gradient(W: Any, a: Any, b: Any, v: Any, key: Any, how: Schedules) -> tuple[Any, Any, Any]:
    """thrml's estimate of the slope of the divergence from rows (B, V), bool, on W, a and b."""
    visible, hidden, ebm = two_layers(W, a, b)
    blocks = [visible, hidden]
    positive = SamplingSchedule(how.warmup, how.hidden, 1)
    negative = SamplingSchedule(how.warmup, how.samples, how.steps)
    spec = IsingTrainingSpec(ebm, [visible], [], [hidden], blocks, positive, negative)
    keys = jax.random.split(key, 3)
    of_rows = hinton_init(keys[0], ebm, [hidden], (1, len(v)))
    of_chains = hinton_init(keys[1], ebm, blocks, (how.chains,))
    on_W, on_biases, _, _ = estimate_kl_grad(
        keys[2], spec, ebm.nodes, ebm.edges, [v], [], of_rows, of_chains
    )
    return on_W.reshape(W.shape), on_biases[: len(a)], on_biases[len(a) :]


def key_of(seed: int) -> Any:
    """A key of JAX from a seed of 63 bits."""
    return jax.random.fold_in(jax.random.key(seed % 2**32), seed >> 32)
