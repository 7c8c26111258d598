"""What usually goes wrong in a Gibbs step, and what it would look like.

A distribution that is off is compared with those that the usual mistakes lead to; the one that
fits is named as the likely cause.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from ebmbench.checks.oracle.enumeration import Array, energies, p_of, transitions
from ebmbench.interfaces.library_chains import SingleReplica

STEPS = (1, 2, 3, 4, 16)


class LikelyCause(NamedTuple):
    """A mistake, and the distribution of v that it leads to.

    Attributes:
        cause: a clause.
        q: q(v), (2^V,).
    """

    cause: str
    q: Array


def likely_causes(replica: SingleReplica, beta: float, p: Array) -> Iterator[LikelyCause]:
    """Distributions of v after steps with a mistake, from chains distributed as p, and at the end.

    Args:
        replica: the model at inverse temperature 1.
        beta: what the chains are asked to be at.
        p: p(v) at beta.
    """
    for cause, wrong in mistakes(replica, beta):
        step = transitions(wrong)
        for k in STEPS:
            yield LikelyCause(cause, p @ np.linalg.matrix_power(step, k))
        yield LikelyCause(cause, p_of(energies(wrong)).sum(axis=1))


def mistakes(replica: SingleReplica, beta: float) -> Iterator[tuple[str, SingleReplica]]:
    """Mistakes, and the model that is swept instead."""
    W, a, b = (beta * part for part in replica)
    if beta != 1:
        yield "beta is ignored", replica
        yield "beta is applied twice", SingleReplica(beta * W, beta * a, beta * b)
    half = "a factor of 2 is missing: p(s = +1) is sigmoid(2 beta x) for a spin in the field x"
    yield half, SingleReplica(W / 2, a / 2, b / 2)
    yield "a factor of 2 too many in the field", SingleReplica(2 * W, 2 * a, 2 * b)
    yield "the sign of the field is wrong", SingleReplica(-W, -a, -b)
    if a.any() or b.any():
        yield "the biases a and b are forgotten", SingleReplica(W, 0 * a, 0 * b)
        yield "the visible bias a is forgotten", SingleReplica(W, 0 * a, b)
        yield "the hidden bias b is forgotten", SingleReplica(W, a, 0 * b)
        yield "the sign of the biases is wrong", SingleReplica(W, -a, -b)
