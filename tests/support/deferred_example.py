"""Compiled functions that call one another in every way there is."""

from ebmbench.numerics import intrinsic, njit
from support import deferred_example_inner as inner
from support.deferred_example_inner import plus_one


def _double(context, x):
    from numba import types

    def generate(context, builder, signature, arguments):
        return builder.fadd(arguments[0], arguments[0])

    return types.float64(types.float64), generate


double = intrinsic(_double)


@njit
def outer(x):
    def nested(y):
        return plus_one(y)

    return inner.times_three(double(x)) + nested(4.0)


@njit
def factorial(n):
    return 1 if n < 2 else n * factorial(n - 1)


@njit
def is_even(n):
    return n == 0 or is_odd(n - 1)


@njit
def is_odd(n):
    return n != 0 and is_even(n - 1)
