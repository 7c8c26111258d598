"""The median between order statistics, whatever the distribution."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median as middle

from ebmbench.summary.statistics.interval import LEVEL, Interval

FEWEST_FOR_MEDIAN = 6  # order statistics of fewer cannot hold it with 95 %: 2 / 2^5 > 5 %


def median(values: Sequence[float]) -> Interval:
    """The median, between the order statistics that hold it with 95 %, from 6 values;
    between the smallest and the largest below. Infinite values, never, stand at the end.
    """
    from scipy import special

    x, n = sorted(map(float, values)), len(values)
    k = next(k for k in range(n + 1) if special.bdtr(k, n, 0.5) > LEVEL / 2)
    k = max(k, 1)  # P(fewer than k below the median) <= 2.5 %
    return Interval(float(middle(x)), x[k - 1], x[n - k], n)
