"""Sums of products in vector registers: one order, whatever the number of rows."""

import numpy as np
import pytest

from ebmbench.numerics import WIDTH, add_fused_products, add_products

F32 = np.float32
ROWS = [1, 2, 3, 5, 6, 7, 12, 23]


def numbers(rows, depth):
    rng = np.random.default_rng(rows + depth)
    shapes = (rows, depth), (depth, WIDTH), (rows, WIDTH)
    return [rng.normal(size=shape).astype(F32) for shape in shapes]


def added(product, a, b, c):
    """c + a b by compiled code."""
    found = c.copy()
    product(
        a.ctypes.data, len(a), a.strides[0], a.strides[1], b.ctypes.data, b.strides[0], len(b),
        found.ctypes.data, found.strides[0],
    )  # fmt: skip
    return found


def in_order(a, b, c, rounded):
    """c + a b, one s after the other; what is added is ``rounded`` before or not."""
    total = c
    for s in range(len(b)):
        product = a[:, s, None].astype(rounded) * b[s].astype(rounded)
        total = (total.astype(rounded) + product).astype(F32)
    return total


@pytest.mark.parametrize("rows", ROWS)
@pytest.mark.parametrize("depth", [0, 1, 190])
def test_each_product_and_each_sum_is_rounded(rows, depth):
    a, b, c = numbers(rows, depth)
    assert np.array_equal(added(add_products, a, b, c), in_order(a, b, c, F32))


@pytest.mark.parametrize("rows", ROWS)
@pytest.mark.parametrize("depth", [1, 190])
def test_or_both_at_once(rows, depth):
    """float64 holds a product exactly, and rounds its sum before float32 does: seldom twice."""
    a, b, c = numbers(rows, depth)
    found, expected = added(add_fused_products, a, b, c), in_order(a, b, c, np.float64)
    assert (found == expected).mean() > 0.99
    assert np.allclose(found, expected, rtol=1e-6)


@pytest.mark.parametrize("product", [add_products, add_fused_products])
def test_rows_may_lie_as_columns(product):
    a, b, c = numbers(13, 29)
    turned = np.asfortranarray(a)
    assert turned.strides != a.strides
    assert np.array_equal(added(product, turned, b, c), added(product, a, b, c))


@pytest.mark.parametrize("product", [add_products, add_fused_products])
def test_a_row_has_the_same_bits_whichever_are_beside_it(product):
    a, b, c = numbers(23, 57)
    together = added(product, a, b, c)
    for start, stop in ((0, 1), (3, 5), (4, 23), (22, 23)):
        assert np.array_equal(added(product, a[start:stop], b, c[start:stop]), together[start:stop])
