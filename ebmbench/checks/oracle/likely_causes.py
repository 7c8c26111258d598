"""What usually goes wrong in a Gibbs step, and what it would look like.

A distribution that is off is compared with those that the usual mistakes lead to; the one that
fits is named as the likely cause.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from ebmbench.checks.oracle.enumeration import Array, h_given_v, v_given_h
from ebmbench.interfaces.library_chains import SingleReplica

STEPS = (1, 2, 3, 4, 16)
AT_THE_END = 1024  # steps after which chains have forgotten where they started


class LikelyCause(NamedTuple):
    """A mistake, and the distribution of v that it leads to.

    Attributes:
        cause: a clause.
        q: q(v), (2^V,).
    """

    cause: str
    q: Array


class Mistake(NamedTuple):
    """A mistake, and the models that h and v are drawn from instead."""

    cause: str
    of_h: SingleReplica
    of_v: SingleReplica

    def step(self) -> Array:
        """The probability that a block-Gibbs step with it leads from v to v', (2^V, 2^V)."""
        step: Array = h_given_v(self.of_h) @ v_given_h(self.of_v)
        return step


def likely_causes(
    replica: SingleReplica, beta: float, p: Array, steps: Sequence[int] = ()
) -> Iterator[LikelyCause]:
    """Distributions of v after steps with a mistake, from chains distributed as p, and at the end.

    Args:
        replica: the model at inverse temperature 1.
        beta: what the chains are asked to be at.
        p: what chains start from.
        steps: numbers of steps, beside the usual ones.
    """
    for mistake in mistakes(replica, beta):
        step = mistake.step()
        for k in {*STEPS, AT_THE_END, *steps}:
            yield LikelyCause(mistake.cause, p @ np.linalg.matrix_power(step, k))


def mistakes(replica: SingleReplica, beta: float) -> Iterator[Mistake]:
    """What is drawn from another model than it should be, in one half step or in both."""
    right = _times(replica, beta)
    W, a, b = right
    half, double = _times(right, 0.5), _times(right, 2)
    sigmoid = "is sigmoid(2 beta x) for a spin in the field x"
    if beta != 1:
        yield Mistake("beta is ignored", replica, replica)
        yield Mistake("beta is applied twice", _times(right, beta), _times(right, beta))
    yield Mistake(f"a factor of 2 is missing: p(s = +1) {sigmoid}", half, half)
    yield Mistake(f"a factor of 2 is missing where h is drawn: p(h = +1) {sigmoid}", half, right)
    yield Mistake(f"a factor of 2 is missing where v is drawn: p(v = +1) {sigmoid}", right, half)
    yield Mistake("a factor of 2 too many in the field", double, double)
    minus = _times(right, -1)
    yield Mistake("the sign of the field is wrong", minus, minus)
    if a.any() or b.any():
        for cause, wrong in (
            ("the biases a and b are forgotten", SingleReplica(W, 0 * a, 0 * b)),
            ("the visible bias a is forgotten", SingleReplica(W, 0 * a, b)),
            ("the hidden bias b is forgotten", SingleReplica(W, a, 0 * b)),
            ("the sign of the biases is wrong", SingleReplica(W, -a, -b)),
        ):
            yield Mistake(cause, wrong, wrong)


def _times(replica: SingleReplica, factor: float) -> SingleReplica:
    return SingleReplica(*(factor * part for part in replica))
