"""Claims of fig. 1 and its inset: untrained models.

ebmbench run suites/paper/fig1.yaml --seeds 100
ebmbench run suites/paper/fig1-inset.yaml --seeds 100
"""

from math import inf

from claims import Claim, Values, difference

from ebmbench.summary.statistics import interval

COLD = ("0.1", "0.2", "0.5", "1", "2", "5", "10", "20", "50", "100")  # outside the paramagnet
SIZES = (8, 10, 12, 14, 16, 18, 20)
READINGS = {"gibbs_accessibility": "lowest of 10 chains", "mean_accessibility": "mean of 10 chains"}
FLAT = 0.02  # a change of accessibility that counts as none
RANDOM = ("Gaussian", "Uniform")


def claims(values: Values) -> list[Claim]:
    """RA above both; RA flat in V, the others falling; by both readings of accessibility."""
    return [
        each
        for metric, reading in READINGS.items()
        for each in (*_above(values, metric, reading), *_over_size(values, metric, reading))
    ]


def _above(values: Values, metric: str, reading: str) -> list[Claim]:
    ra = _cold_mean(values, "RA", "scale", metric)
    return [
        Claim(
            f"RA above {name} outside the paramagnetic end",
            f"accessibility ({reading}), RA less {name}, mean over standard deviations >= 0.1",
            difference(ra, _cold_mean(values, name, "init_std", metric)),
        )
        for name in RANDOM
    ]


def _cold_mean(values: Values, method: str, option: str, metric: str) -> dict[int, float]:
    """seed -> mean over the standard deviations in COLD."""
    points = [values.of("coins", f"{method}[{option}={std}]", metric, 0) for std in COLD]
    seeds = set.intersection(*(set(point) for point in points))
    return {seed: sum(point[seed] for point in points) / len(points) for seed in seeds}


def _over_size(values: Values, metric: str, reading: str) -> list[Claim]:
    what = f"accessibility ({reading}) at V={SIZES[-1]} less that at V={SIZES[0]}"
    change = {name: _change(values, name, metric) for name in ("RA", *RANDOM)}
    falls = [Claim(f"{n} falls with V", f"{n}: {what}", change[n], -inf, 0.0) for n in RANDOM]
    return [Claim("RA flat in V", f"RA: {what}", change["RA"], -FLAT, FLAT), *falls]


def _change(values: Values, method: str, metric: str):
    ends = [values.of(f"coins[visible={V}]", method, metric, 0) for V in (SIZES[-1], SIZES[0])]
    return difference(*ends) if all(ends) else interval([])
