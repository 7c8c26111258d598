"""One pass over all states of a layer of spins by the half-split, compiled for CPU.

The smaller layer, ``s`` (n spins), is enumerated; the other, ``t`` (m spins), is summed out. A unit
that is always +1 ends each layer, so that the biases are couplings as well:

    J = [[M, p], [q, 0]]  (n + 1, m + 1),   E(s, t) = -s'M t - p's - q't,
    sum_t exp(-E(s, t)) = exp(L),   L = x_m + sum_{k<m} log 2cosh x_k,   x = (s, 1) J.

The units of ``s`` are split in two halves, each with a small table of the field from each of its
states: ``x = A[i] + B[j]``, one addition per state and unit. The moments <s tanh(x)'> need no
(2^n, m) matrix either, only the sums of ``w tanh x`` per i and per j. Where no unit has a bias,
L(-s) = L(s): the first unit then stays at -1 (``fixed`` = 1) and half the states are left.

With |x| in place of x nothing overflows at any field, as products of 1 + exp(2x) would. Sums and
products run in LANES fixed lanes and are never left to the compiler to reassociate: the same
function, compiled afresh or taken from numba's cache, would then differ in the last bit.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

F32 = np.float32
EXACT_ORDER = {"contract", "nnan", "nsz", "ninf"}
LANES = 32  # partial sums and products; a whole number of vector registers, and of FACTORS

LARGEST = 1e30  # couplings beyond count as diverged
FACTORS = 512  # 1 + exp(-2|x|) is at most 2, so that many multiply to at most 2^512 in float64
SLACK = 30.0  # nats by which a weight may exceed 1 before all sums are rescaled
NEGLIGIBLE = 1e-20  # a weight to leave out: 2^24 of them would add 2e-13


# 2^f on [-1/2, 1/2], a Taylor polynomial in f log 2: truncated below 6e-9.
EXP2 = tuple(F32(math.log(2.0) ** i / math.factorial(i)) for i in range(8))
ROUND = F32(12582912.0)  # 1.5 * 2^23: adding it rounds a float32 to the nearest integer
TWO_LOG2_E = F32(2.0 * math.log2(math.e))


@njit(fastmath=EXACT_ORDER)
def exp_minus_2(x):  # type: ignore[no-untyped-def]
    """exp(-2x) in float32 for x >= 0; no table and no branch, so loops vectorise.

    Not ``inline="always"``: with the caller's flags ``(y + ROUND) - ROUND`` would become ``y``.
    """
    y = max(-TWO_LOG2_E * x, F32(-126.0))
    shifted = y + ROUND
    f = y - (shifted - ROUND)
    p = EXP2[7] * f + EXP2[6]
    p = p * f + EXP2[5]
    p = p * f + EXP2[4]
    p = p * f + EXP2[3]
    p = p * f + EXP2[2]
    p = p * f + EXP2[1]
    p = p * f + EXP2[0]
    exponent = F32(shifted).view(np.int32) << np.int32(23)
    return np.int32(F32(p).view(np.int32) + exponent).view(F32)


@njit
def field_table(J, fixed, constant):  # type: ignore[no-untyped-def]
    """``constant + s J`` for all states s of these units, (2^(units - fixed), m + 1).

    Unit ``fixed + u`` is +1 where bit u of the row's number is set; a fixed one is -1.
    """
    free = len(J) - fixed
    table = np.empty((1 << free, J.shape[1]))
    table[0] = constant
    for u in range(len(J)):
        table[0] -= J[u]
    for u in range(free):
        for i in range(1 << u):
            table[(1 << u) + i] = table[i] + 2.0 * J[fixed + u]
    return table


@njit
def two_tables(J, fixed):  # type: ignore[no-untyped-def]
    """A and B, the fields from each state of the first and of the second half of the units."""
    n = len(J) - 1
    half = (n + 1) // 2
    none = np.zeros(J.shape[1])
    return field_table(J[:half], fixed, J[n]), field_table(J[half:n], 0, none)


@njit(fastmath=EXACT_ORDER)
def sum_of_sizes(a, b, e, lanes):  # type: ignore[no-untyped-def]
    """The sum of |x| for the field ``x = a + b``; leaves exp(-2|x|) in ``e``."""
    m = len(e)
    whole = m - m % LANES
    lanes[:] = 0.0
    for start in range(0, whole, LANES):
        for lane in range(LANES):
            size = abs(a[start + lane] + b[start + lane])
            lanes[lane] += size
            e[start + lane] = exp_minus_2(F32(size))
    total = 0.0
    for k in range(whole, m):
        size = abs(a[k] + b[k])
        total += size
        e[k] = exp_minus_2(F32(size))
    for lane in range(LANES):
        total += lanes[lane]
    return total


@njit(fastmath=EXACT_ORDER)
def product_of_factors(e, lanes):  # type: ignore[no-untyped-def]
    """The product of 1 + e, for at most FACTORS of them."""
    m = len(e)
    whole = m - m % LANES
    lanes[:] = 1.0
    for start in range(0, whole, LANES):
        for lane in range(LANES):
            lanes[lane] *= F32(1.0) + e[start + lane]
    product = 1.0
    for k in range(whole, m):
        product *= F32(1.0) + e[k]
    for lane in range(LANES):
        product *= lanes[lane]
    return product


@njit(fastmath=EXACT_ORDER)
def log_weight(a, b, e, lanes):  # type: ignore[no-untyped-def]
    """L of the field ``x = a + b``; leaves exp(-2|x|) in ``e``.

    log 2cosh x = |x| + log(1 + exp(-2|x|)): cosh overflows. One log for 512 units.
    """
    m = len(e)
    total = sum_of_sizes(a, b, e, lanes)
    for start in range(0, m, FACTORS):
        total += math.log(product_of_factors(e[start : start + FACTORS], lanes))
    return total + a[m] + b[m]


@njit(fastmath=EXACT_ORDER, error_model="numpy")
def add_tanh(a, b, e, w, sum_a, sum_b):  # type: ignore[no-untyped-def]
    """Add ``w tanh x`` to both sums, given exp(-2|x|) in ``e``, and w for the unit that is +1."""
    m = len(e)
    for k in range(m):
        t = math.copysign((F32(1.0) - e[k]) / (F32(1.0) + e[k]), F32(a[k] + b[k]))
        sum_a[k] += w * t
        sum_b[k] += w * t
    sum_a[m] += w
    sum_b[m] += w


@njit(fastmath=EXACT_ORDER)
def stream(A, B, sum_a, sum_b):  # type: ignore[no-untyped-def]
    """Sum ``w tanh x``, w = exp(L - top), per row of A and per row of B; top and the sum of w.

    A state's weight may be up to exp(30), so the sums are rescaled a few times at most.
    """
    e = np.empty(A.shape[1] - 1, F32)
    lanes = np.empty(LANES)
    top = -1e300
    Z = 0.0
    for i in range(len(A)):
        for j in range(len(B)):
            L = log_weight(A[i], B[j], e, lanes)
            if top + SLACK < L:
                scale = math.exp(top - L)
                Z *= scale
                sum_a *= F32(scale)
                sum_b *= F32(scale)
                top = L
            w = math.exp(L - top)
            Z += w
            if w > NEGLIGIBLE:
                add_tanh(A[i], B[j], e, F32(w), sum_a[i], sum_b[j])
    return top, Z


@njit
def add_moments(sums, fixed, moments):  # type: ignore[no-untyped-def]
    """Add ``s' sums`` to ``moments`` (units, m + 1), with the states in the table's order."""
    for i in range(len(sums)):
        for u in range(len(moments)):
            up = u >= fixed and (i >> (u - fixed)) & 1
            moments[u] += sums[i] if up else -sums[i]


@njit
def moments_of(J, fixed, moments):  # type: ignore[no-untyped-def]
    """Fill ``moments`` (n + 1, m + 1) with [[<s t'>, <s>], [<t'>, 1]]; log Z of one replica."""
    A, B = two_tables(J, fixed)
    sum_a = np.zeros(A.shape, F32)
    sum_b = np.zeros(B.shape, F32)
    top, Z = stream(A, B, sum_a, sum_b)
    n = len(J) - 1
    half = (n + 1) // 2
    moments[:] = 0.0
    add_moments(sum_a, fixed, moments[:half])
    add_moments(sum_b, 0, moments[half:n])
    for i in range(len(sum_a)):
        moments[n] += sum_a[i]
    if fixed:  # the other half of the states is this one with all signs turned
        moments[:n, -1] = 0.0
        moments[n, :-1] = 0.0
    moments /= Z
    return top + math.log(Z) + fixed * math.log(2.0)


@njit(cache=True, nogil=True)
def fill_moments(J, fixed, moments, log_z):  # type: ignore[no-untyped-def]
    """``moments_of`` for J (R, n + 1, m + 1); NaN for a replica that diverged."""
    for r in range(len(J)):
        if (np.abs(J[r]) < LARGEST).all():
            log_z[r] = moments_of(J[r], fixed, moments[r])
        else:
            log_z[r] = np.nan
            moments[r] = np.nan


@njit(fastmath=EXACT_ORDER)
def lowest_energy(A, B):  # type: ignore[no-untyped-def]
    """min over all states of E = -x_m - sum_{k<m} |x_k|: each t aligns with its field."""
    m = A.shape[1] - 1
    whole = m - m % LANES
    lanes = np.empty(LANES)
    highest = -1e300
    for i in range(len(A)):
        a = A[i]
        for j in range(len(B)):
            b = B[j]
            lanes[:] = 0.0
            for start in range(0, whole, LANES):
                for lane in range(LANES):
                    lanes[lane] += abs(a[start + lane] + b[start + lane])
            total = a[m] + b[m]
            for k in range(whole, m):
                total += abs(a[k] + b[k])
            for lane in range(LANES):
                total += lanes[lane]
            highest = max(highest, total)
    return -highest


@njit(cache=True, nogil=True)
def fill_ground_energy(J, fixed, energy):  # type: ignore[no-untyped-def]
    """Fill ``energy`` (R,) with each replica's lowest; NaN for one that diverged."""
    for r in range(len(J)):
        if (np.abs(J[r]) < LARGEST).all():
            A, B = two_tables(J[r], fixed)
            energy[r] = lowest_energy(A, B)
        else:
            energy[r] = np.nan
