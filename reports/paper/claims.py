"""What the paper says, what we measured, and whether they agree, decided by an interval.

A claim is turned into a number per seed and a range in which that number lies if the claim holds.
With the number's 95 % interval over seeds (as in ebmbench.summary.statistics):

    agrees           the whole interval lies in the range
    does not agree   the whole interval lies outside
    undecided        the interval crosses an end of the range, or there are fewer than two seeds

    ebmbench export runs/fig1 --format csv -o fig1.csv
    python reports/paper/claims.py fig1 fig1.csv
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from math import inf, isfinite, isnan, nan
from pathlib import Path
from typing import NamedTuple

from ebmbench.summary.statistics import Bounds, Interval, interval


class Claim(NamedTuple):
    """One line of a figure's table.

    Attributes:
        says: the paper's claim, in words.
        number: what was measured for it, in words.
        measured: its mean over seeds and the 95 % interval.
        low, high: the range in which it lies if the claim holds.
    """

    says: str
    number: str
    measured: Interval
    low: float = 0.0
    high: float = inf

    @property
    def verdict(self) -> str:
        """agrees, does not agree or undecided."""
        low, high = self.measured.low, self.measured.high
        if isnan(low):
            return "undecided"
        if self.low <= low and high <= self.high:
            return "agrees"
        return "does not agree" if high < self.low or low > self.high else "undecided"

    @property
    def range(self) -> str:
        """Where the number lies if the claim holds, in words."""
        if self.high == inf:
            return f"above {self.low:g}"
        return f"below {self.high:g}" if self.low == -inf else f"{self.low:.4g} to {self.high:.4g}"


class Values:
    """The rows of ``ebmbench export RUN --format csv``, several files as one."""

    def __init__(self, files: Iterable[Path]) -> None:
        self.rows: dict[tuple[str, str, str, int], dict[int, float]] = defaultdict(dict)
        for file in files:
            with file.open(encoding="utf-8") as stream:
                for row in csv.DictReader(stream):
                    where = (row["dataset"], row["method"], row["metric"], int(row["epoch"]))
                    value = float(row["value"]) if row["value"] else nan
                    self.rows[where][int(row["seed"])] = value

    def of(self, dataset: str, method: str, metric: str, epoch: int) -> dict[int, float]:
        """seed -> value; empty where nothing was measured."""
        return self.rows.get((dataset, method, metric, epoch), {})

    def mean(self, dataset: str, method: str, metric: str, epoch: int) -> Interval:
        """Mean and interval over seeds; of tied values as wide as all that was ever seen allows."""
        seen = [
            x
            for where, seeds in self.rows.items()
            if (where[0], where[2]) == (dataset, metric)
            for x in seeds.values()
        ]
        values = list(self.of(dataset, method, metric, epoch).values())
        return interval(values, as_seen(seen))

    def epochs(self, dataset: str, method: str, metric: str) -> list[int]:
        """The epochs at which it was measured."""
        return sorted(w[3] for w in self.rows if w[:3] == (dataset, method, metric))

    def methods(self, dataset: str, metric: str) -> list[str]:
        """The methods for which it was measured, as the files have them."""
        return list(dict.fromkeys(w[1] for w in self.rows if (w[0], w[2]) == (dataset, metric)))


def as_seen(values: Iterable[float]) -> Bounds:
    """Seeds that were not met are taken to lie within the finite ``values``."""
    known = [x for x in values if isfinite(x)]
    return Bounds(least=min(known, default=-inf), most=max(known, default=inf))


def difference(first: dict[int, float], second: dict[int, float]) -> Interval:
    """first - second, paired by seed."""
    both = sorted(first.keys() & second.keys())
    bounds = as_seen([*first.values(), *second.values()])
    return interval([first[seed] - second[seed] for seed in both], bounds.of_differences)


def table(claims: Sequence[Claim]) -> Iterator[str]:
    """In Markdown, a line per claim."""
    yield "| the paper says | we measured | mean and 95 % interval | n | holds in | verdict |"
    yield "|---|---|---|---|---|---|"
    for claim in claims:
        yield (
            f"| {claim.says} | {claim.number} | {claim.measured} | {claim.measured.n} "
            f"| {claim.range} | **{claim.verdict}** |"
        )


def main(figure: str, files: Sequence[str]) -> None:
    """Print the claims of a figure as a table."""
    values = Values(map(Path, files))
    print("\n".join(table(import_module(figure).claims(values))))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
