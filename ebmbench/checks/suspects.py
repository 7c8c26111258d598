"""What usually goes wrong in a Gibbs step, and what it would look like.

A law that is off is compared with the laws that the usual mistakes lead to; the one that fits is
named as the likely cause.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from ebmbench.checks.enumeration import Array, Numbers, energies, p_of, transitions

STEPS = (1, 2, 3, 4, 16)


class Suspect(NamedTuple):
    """A mistake, and the law of v that it leads to.

    Attributes:
        cause: a clause.
        law: q(v), (2^V,).
    """

    cause: str
    law: Array


def suspects(numbers: Numbers, beta: float, p: Array) -> Iterator[Suspect]:
    """Laws of v after steps with a mistake from chains that are distributed as p, and at the end.

    Args:
        numbers: of the model at inverse temperature 1.
        beta: what the chains are asked to be at.
        p: p(v) at beta.
    """
    for cause, wrong in mistakes(numbers, beta):
        step = transitions(wrong)
        for k in STEPS:
            yield Suspect(cause, p @ np.linalg.matrix_power(step, k))
        yield Suspect(cause, p_of(energies(wrong)).sum(axis=1))


def mistakes(numbers: Numbers, beta: float) -> Iterator[tuple[str, Numbers]]:
    """Mistakes, and the model that is swept instead."""
    W, a, b = (beta * part for part in numbers)
    if beta != 1:
        yield "beta is ignored", numbers
        yield "beta is applied twice", Numbers(beta * W, beta * a, beta * b)
    half = "a factor of 2 is missing: p(s = +1) is sigmoid(2 beta x) for a spin in the field x"
    yield half, Numbers(W / 2, a / 2, b / 2)
    yield "a factor of 2 too many in the field", Numbers(2 * W, 2 * a, 2 * b)
    yield "the sign of the field is wrong", Numbers(-W, -a, -b)
    if a.any() or b.any():
        yield "the biases a and b are forgotten", Numbers(W, 0 * a, 0 * b)
        yield "the visible bias a is forgotten", Numbers(W, 0 * a, b)
        yield "the hidden bias b is forgotten", Numbers(W, a, 0 * b)
        yield "the sign of the biases is wrong", Numbers(W, -a, -b)
