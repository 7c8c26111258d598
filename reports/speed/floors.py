"""The least that some updates take here: the sums of their parts, each as fast as we have it.

python reports/speed/floors.py

A part is timed alone, on one thread, over and over on numbers that stay in the cache: the least of
many. What is around parts, and waiting of threads for each other, is left out. So no update that
has these parts is faster on this machine, and none that shares them out over two threads is more
than twice as fast.
"""

from __future__ import annotations

import time

import numpy as np
import torch

from ebmbench import Noise
from ebmbench.numerics import (
    WIDTH,
    add_fused_products,
    add_products,
    add_sizes,
    mean_spin_,
    njit,
    take_step,
)
from ebmbench_cpu.coupling_tiles import pack_couplings
from ebmbench_cpu.half_step import draw_tile, find_fields
from ebmbench_cpu.integer_phase import fill_mean_spins, write_tile
from ebmbench_cpu.packing import sources_of, tiles_of
from ebmbench_cpu.prepared import Memory
from ebmbench_cpu.tables import RUN, TARGETS, scratch

F32 = np.float32
PRODUCTS = 20


def least(work, rounds=300):
    """Seconds."""
    work()
    found = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return min(found)


@njit(nogil=True)
def fields(couplings, bits, rows, out, tables):
    for tile in range(len(couplings)):
        bias = np.zeros(TARGETS, np.int32)
        find_fields(couplings[tile], bits, rows, bias.ctypes.data, 0, out, tables)


@njit(nogil=True)
def slopes(t, turned, units, tiles, sums, tables):
    for _ in range(tiles):
        sums[:] = 0
        find_fields(t, turned, units, sums.ctypes.data, RUN, sums, tables)


@njit(nogil=True)
def draws(fields, tiles, rows, scale, out):
    for tile in range(tiles):
        draw_tile(fields, tile, 0, rows, np.uint64(5), 7, scale, out)


@njit(nogil=True)
def tanhs(fields, tiles, t):
    for _ in range(tiles):
        fill_mean_spins(fields, F32(1e-6), t)


@njit(nogil=True)
def writes(sums, tiles, out):
    for tile in range(tiles):
        write_tile(sums, tile, F32(0.1), False, out)


def sources(units, rows):
    """Random bits of rows of so many units."""
    return np.random.default_rng(0).integers(0, 16, (tiles_of(units), rows, 8)).astype(np.uint8)


def of_fields(V, H, rows):
    couplings = np.ones((tiles_of(H), sources_of(V), TARGETS), np.int32)
    bits, (out, tables) = sources(V, rows), scratch(rows)
    return least(lambda: fields(couplings, bits, rows, out, tables))


def of_draws(units, rows):
    (out, _), bits = scratch(rows), np.empty((rows, 8), np.uint8)
    out[:], scale = 0, np.ones(rows, F32)
    return least(lambda: draws(out, tiles_of(units), rows, scale, bits))


def of_slopes(V, H, rows):
    t, turned = np.ones((sources_of(rows), TARGETS), np.int32), sources(rows, V)
    sums, tables = scratch(V)
    out, tiles = np.empty((V, H), F32), tiles_of(H)
    return least(lambda: slopes(t, turned, V, tiles, sums, tables)) + least(
        lambda: writes(sums, tiles, out)
    )


def of_tanh(H, rows):
    numbers, t = np.ones(rows * TARGETS, np.int32), np.empty(rows * TARGETS, np.int32)
    return least(lambda: tanhs(numbers, tiles_of(H), t))


def of_packing(V, H):
    W = np.random.default_rng(0).normal(size=(1, V, H)).astype(F32)
    packed, unit = Memory().packed(1, V, H), np.full(1, 2.0**18, F32)
    biases, sums = (np.zeros((1, V), F32), np.zeros((1, H), F32)), (np.zeros(V), np.zeros(H))
    return least(lambda: add_sizes(W[0], *sums)) + least(
        lambda: pack_couplings(W, *biases, unit, *packed, 0, tiles_of(V))
    )


def of_step(V, H):
    x, d, n = np.zeros((3, V * H), F32)
    none, numbers = np.empty(0, F32), np.array([0, 0.01, 0, 0, 1, 0])
    return least(lambda: take_step(x, d, n, none, none, numbers))


def of_product(N, V, H):
    """A product in float32 by torch."""
    a, b, out = torch.randn(N, V), torch.randn(V, H), torch.empty(N, H)
    return least(lambda: torch.mm(a, b, out=out), 60)


def of_digits(N, V, H):
    """A product in three digits of 8 bits by torch: exact, as look-ups are."""
    a, b = (torch.randint(-127, 128, shape, dtype=torch.int8) for shape in ((N, V), (V, H)))
    return 3 * least(lambda: torch._int_mm(a, b), 60)


def of_tanh_by_torch(N, H):
    x = torch.randn(N, H)
    return least(lambda: mean_spin_(x), 60)


def of_normals(V, H):
    return least(lambda: Noise([0], "init").normal(V, H), 20)


def chain_update(V, H, batch, chains):
    """PCD-1, one replica: where its parts take what time."""
    return {
        "packing couplings": of_packing(V, H),
        "fields and slopes of both phases": sum(
            of_fields(V, H, rows) + of_tanh(H, rows) + of_slopes(V, H, rows)
            for rows in (batch, chains)
        ),
        "a Gibbs step": of_fields(V, H, chains)
        + of_fields(H, V, chains)
        + of_draws(H, chains)
        + of_draws(V, chains),
        "stepping": of_step(V, H),
    }


def seconds_of_macs(product):
    """What a multiply-add of rows of 16 columns takes, on numbers that stay in the cache."""
    a, b, c = (np.ones(shape, F32) for shape in ((192, 190), (190, WIDTH), (192, WIDTH)))
    addresses = [each.ctypes.data for each in (a, b, c)]
    seconds = least(lambda: many_products(product, *addresses, *a.shape))
    return seconds / (PRODUCTS * a.size * WIDTH)


@njit(nogil=True)
def many_products(product, a, b, c, rows, depth):
    for _ in range(PRODUCTS):
        product(a, rows, 4 * depth, 4, b, 4 * WIDTH, depth, c, 4 * WIDTH)


def pattern_update(V, H, K, batch, k):
    """RAPID with k Gibbs steps from K patterns that are no spins."""
    rows = batch + K
    fused, ordered = map(seconds_of_macs, (add_fused_products.compiled, add_products.compiled))
    return {
        "five thin products of both phases": fused * rows * K * (2 * V + 3 * H),
        "tanh": of_tanh_by_torch(rows, H),
        f"overlaps of {k} Gibbs steps": k * (of_fields(V, K, K) + of_fields(H, K, K)),
        f"sums of {k} Gibbs steps": k * ordered * K * K * (V + H),
        f"draws of {k} Gibbs steps": k * (of_draws(H, K) + of_draws(V, K)),
    }


def show(title, parts):
    print(f"\n{title}")
    for name, seconds in parts.items():
        print(f"  {name:40s} {1e3 * seconds:8.3f} ms")


if __name__ == "__main__":
    torch.set_num_threads(1)
    torch.set_grad_enabled(False)
    update = chain_update(784, 500, 128, 128)
    show("PCD-1, V=784 H=500, 128 rows, 128 chains", update)
    print(f"  {'sum':40s} {1e3 * sum(update.values()):8.3f} ms")
    ways = {
        "by look-ups": of_fields(784, 500, 128),
        "in float32": of_product(128, 784, 500),
        "in three digits of 8 bits": of_digits(128, 784, 500),
    }
    show("a product, 128 x 784 x 500", ways)
    show("once per training", {"normal numbers for W": of_normals(784, 500)})
    patterns = pattern_update(784, 3000, 190, 1000, 10)
    show("RAPID, V=784 H=3000 K=190, 1000 rows, ten steps", patterns)
    print(f"  {'sum':40s} {1e3 * sum(patterns.values()):8.3f} ms")
