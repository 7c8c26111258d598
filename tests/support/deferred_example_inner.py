"""What ``deferred_example`` calls from another file."""

from ebmbench.numerics import njit


@njit(inline="always")
def plus_one(x):
    return x + 1.0


@njit
def times_three(x):
    return 3.0 * x
